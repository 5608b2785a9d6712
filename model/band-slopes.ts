import { linearFit } from './light-curve-features.js';
import { brightestOf } from './light-curve-peak.js';
import type { Magnitude } from './measured-brightness.js';

/** Of a weighted straight line through magnitudes. */
export interface Slope {
  /** mag/day. */
  readonly slope: number;
  /** In standard deviations, positive where it brightens. */
  readonly sigmas: number;
}

/** Undefined of fewer than two times. */
export function slopeOf(points: readonly Magnitude[]): Slope | undefined {
  const { slope, slopeSigma } = linearFit(points);
  const sigmas = -slope / slopeSigma;
  return Number.isFinite(slope) && Number.isFinite(sigmas) ? { slope, sigmas } : undefined;
}

/** Slopes of a band before and after its peak. */
export interface PeakSlopes {
  readonly peak: Magnitude;
  readonly rise: Slope | undefined;
  readonly fall: Slope | undefined;
}

/** Up to the brightest point of the band and from it; undefined of a band without points. */
export function peakSlopes(points: readonly Magnitude[]): PeakSlopes | undefined {
  const peak = brightestOf(points);
  if (peak === undefined) return undefined;
  return {
    peak,
    rise: slopeOf(points.filter(({ jd }) => jd <= peak.jd)),
    fall: slopeOf(points.filter(({ jd }) => jd >= peak.jd)),
  };
}
