/** One detection and the source of the reference image that it lies on, in degrees (ICRS). */
export interface OffsetPoint {
  readonly raDeg: number;
  readonly decDeg: number;
  readonly hostRaDeg: number;
  readonly hostDecDeg: number;
  /** Difference magnitude, which says how well the position is known (mag). */
  readonly magpsf: number;
}

/** How far a transient is from its host, by three averages over its detections (arcsec). */
export interface HostOffsets {
  readonly meanArcsec: number;
  readonly medianArcsec: number;
  /** Each detection weighted by the variance of its position. */
  readonly weightedArcsec: number;
}

/**
 * Offsets as AMPEL's NuclearFilter has them (ampel/nuclear/t0/NuclearFilter.py): differences of right ascension are not
 * scaled by the cosine of the declination. NaN for no points.
 */
export function hostOffsets(points: readonly OffsetPoint[]): HostOffsets {
  const ra = points.map(({ raDeg, hostRaDeg }) => raDeg - hostRaDeg);
  const dec = points.map(({ decDeg, hostDecDeg }) => decDeg - hostDecDeg);
  const equal = points.map(() => 1);
  const weights = points.map(({ magpsf }) => positionSigmaArcsec(magpsf) ** -2);
  const lengthArcsec = (raDeg: number, decDeg: number): number => 3600 * Math.sqrt(raDeg ** 2 + decDeg ** 2);
  return {
    meanArcsec: lengthArcsec(mean(ra, equal), mean(dec, equal)),
    medianArcsec: lengthArcsec(median(ra), median(dec)),
    weightedArcsec: lengthArcsec(mean(ra, weights), mean(dec, weights)),
  };
}

/** Error of one offset by its magnitude (van Velzen et al. 2019, ApJ 872, 198). */
function positionSigmaArcsec(magpsf: number): number {
  return Math.min(1, Math.max(0.1, 0.24 + 0.04 * (magpsf - 20)));
}

function mean(values: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, index) => {
    const weight = weights[index] ?? 0;
    sum += weight * value;
    total += weight;
  });
  return sum / total;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
}
