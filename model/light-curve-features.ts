/** One magnitude with its error (mag) and time (Julian date). */
export interface Photometry {
  readonly jd: number;
  readonly mag: number;
  readonly magErr: number;
}

/** Straight line through the magnitudes: slope and its error in mag/day. */
export interface LinearFit {
  readonly slope: number;
  readonly slopeSigma: number;
  readonly reducedChi2: number;
}

/**
 * Range between the quantiles `quantile` and 1 - `quantile` of the magnitudes (mag), 0 < quantile < 0.5.
 * NaN without points.
 */
export function interPercentileRange(photometry: readonly Photometry[], quantile: number): number {
  const sorted = photometry.map(({ mag }) => mag).sort((a, b) => a - b);
  const lower = Math.fround(quantile);
  return quantileOf(sorted, Math.fround(1 - lower)) - quantileOf(sorted, lower);
}

/**
 * Quantile of ascending values by Hazen's rule (R-5 of Hyndman & Fan 1996): the i-th of n values (from 1) stands
 * at (i - 1/2) / n, linear in between, constant beyond the ends. The place is found in single precision, as AMPEL's
 * package finds it: in double precision ranges would differ by up to a millionth of the gap between two magnitudes.
 */
function quantileOf(sorted: readonly number[], quantile: number): number {
  const exact = Math.fround(Math.fround(sorted.length * quantile) - 0.5);
  const place = Math.min(Math.max(exact, 0), sorted.length - 1);
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (place - Math.floor(place)) * (above - below);
}

/**
 * Least squares weighted by 1/σ² (Press et al., Numerical Recipes, sec. 15.2). Reduced χ² is over n - 2.
 * NaN where all points are of one time; needs three points.
 */
export function linearFit(photometry: readonly Photometry[]): LinearFit {
  const meanJd = weightedMean(photometry, ({ jd }) => jd);
  const meanMag = weightedMean(photometry, ({ mag }) => mag);
  let variance = 0;
  let covariance = 0;
  for (const { jd, mag, magErr } of photometry) {
    variance += ((jd - meanJd) / magErr) ** 2;
    covariance += ((jd - meanJd) * (mag - meanMag)) / magErr ** 2;
  }
  const slope = covariance / variance;
  const chi2 = sum(photometry, ({ jd, mag, magErr }) => ((mag - meanMag - slope * (jd - meanJd)) / magErr) ** 2);
  return { slope, slopeSigma: 1 / Math.sqrt(variance), reducedChi2: chi2 / (photometry.length - 2) };
}

/**
 * Stetson's K (Stetson 1996, PASP 108, 851): mean absolute residual from the weighted mean over the root mean square
 * residual, residuals in units of their errors. Undefined where there is no residual at all.
 */
export function stetsonK(photometry: readonly Photometry[]): number | undefined {
  const mean = weightedMean(photometry, ({ mag }) => mag);
  const squares = sum(photometry, ({ mag, magErr }) => ((mag - mean) / magErr) ** 2);
  if (squares === 0) return undefined;
  return sum(photometry, ({ mag, magErr }) => Math.abs(mag - mean) / magErr) / Math.sqrt(photometry.length * squares);
}

function weightedMean(photometry: readonly Photometry[], value: (point: Photometry) => number): number {
  // From the first point on: a Julian date has no digits to spare.
  const start = photometry[0] === undefined ? Number.NaN : value(photometry[0]);
  const weighted = sum(photometry, (point) => (value(point) - start) / point.magErr ** 2);
  return start + weighted / sum(photometry, ({ magErr }) => magErr ** -2);
}

function sum(photometry: readonly Photometry[], term: (point: Photometry) => number): number {
  return photometry.reduce((total, point) => total + term(point), 0);
}
