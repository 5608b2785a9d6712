import type { Photometry } from '../../model/light-curve-features.js';
import { meanOf, medianOf, varianceOf } from '../../model/sample-statistics.js';
import { isFlat, magsOf } from './magnitude-features.js';

/** Features of magnitudes with their times or errors, each from points in order of time. Formulas: those of the light-curve package. */

/** Eta for uneven sampling: squares of successive slopes instead of differences. */
export function etaE(points: readonly Photometry[]): number | undefined {
  if (isFlat(points)) return undefined;
  const squares = slopesOf(points).reduce((sum, slope) => sum + slope ** 2, 0);
  const span = duration(points);
  return (span ** 2 * squares) / ((points.length - 1) ** 3 * varianceOf(magsOf(points)));
}

/** Variance beyond that of the errors, over the square of the mean. */
export function excessVariance(points: readonly Photometry[]): number {
  const mags = magsOf(points);
  const errors = meanOf(points.map(({ magErr }) => magErr ** 2));
  return (varianceOf(mags) - errors) / meanOf(mags) ** 2;
}

export interface LinearTrend {
  readonly slope: number;
  readonly sigma: number;
  readonly noise: number;
}

/** Straight line without regard to the errors: slope (mag/day), its error, and the scatter about it (mag). */
export function linearTrend(points: readonly Photometry[]): LinearTrend {
  const [meanJd, meanMag] = [meanOf(points.map(({ jd }) => jd)), meanOf(magsOf(points))];
  const spread = points.reduce((sum, { jd }) => sum + (jd - meanJd) ** 2, 0);
  const slope = points.reduce((sum, { jd, mag }) => sum + (jd - meanJd) * (mag - meanMag), 0) / spread;
  const squares = points.reduce((sum, { jd, mag }) => sum + (mag - meanMag - slope * (jd - meanJd)) ** 2, 0);
  const variance = squares / (points.length - 2);
  return { slope, sigma: Math.sqrt(variance / spread), noise: Math.sqrt(variance) };
}

/** NaN where all points are of one time. */
export function maximumSlope(points: readonly Photometry[]): number {
  const slopes = slopesOf(points).map(Math.abs);
  return slopes.length === 0 ? Number.NaN : Math.max(...slopes);
}

export function duration(points: readonly Photometry[]): number {
  return (points.at(-1)?.jd ?? Number.NaN) - (points[0]?.jd ?? Number.NaN);
}

/** Days between successive points. */
export function intervals(points: readonly Photometry[]): number[] {
  return points.slice(1).map(({ jd }, i) => jd - (points[i]?.jd ?? Number.NaN));
}

/** χ² about the weighted mean, over the number of points less one. */
export function reducedChi2(points: readonly Photometry[]): number {
  const mean = weightedMean(points);
  return points.reduce((sum, { mag, magErr }) => sum + ((mag - mean) / magErr) ** 2, 0) / (points.length - 1);
}

/** Robust median statistic: mean absolute deviation from the median in units of the errors. */
export function roms(points: readonly Photometry[]): number {
  const median = medianOf(magsOf(points));
  return points.reduce((sum, { mag, magErr }) => sum + Math.abs(mag - median) / magErr, 0) / (points.length - 1);
}

export function weightedMean(points: readonly Photometry[]): number {
  const start = points[0]?.mag ?? Number.NaN;
  const weighted = points.reduce((sum, { mag, magErr }) => sum + (mag - start) / magErr ** 2, 0);
  return start + weighted / points.reduce((sum, { magErr }) => sum + magErr ** -2, 0);
}

/** Between successive points (mag/day); two of one time have none. */
function slopesOf(points: readonly Photometry[]): number[] {
  const days = intervals(points);
  return points
    .slice(1)
    .map(({ mag }, i) => (mag - (points[i]?.mag ?? Number.NaN)) / (days[i] ?? Number.NaN))
    .filter(Number.isFinite);
}
