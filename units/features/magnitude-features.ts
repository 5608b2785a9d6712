import { interPercentileRange, type Photometry } from '../../model/light-curve-features.js';
import {
  andersonDarlingNormal,
  kurtosisOf,
  meanOf,
  medianOf,
  skewOf,
  varianceOf,
} from '../../model/sample-statistics.js';

/** Features of the magnitudes alone, each from points in order of time. Formulas: those of the light-curve package. */

export function amplitude(points: readonly Photometry[]): number {
  const mags = magsOf(points);
  return (Math.max(...mags) - Math.min(...mags)) / 2;
}

/** Undefined without variation, as are all features that are measured by it. */
export function andersonDarling(points: readonly Photometry[]): number | undefined {
  return isFlat(points) ? undefined : andersonDarlingNormal(magsOf(points));
}

/** Share of points farther than `nstd` standard deviations from the mean. */
export function beyondNStd(points: readonly Photometry[], nstd: number): number {
  const mags = magsOf(points);
  const [mean, deviation] = [meanOf(mags), Math.sqrt(varianceOf(mags))];
  return mags.filter((mag) => Math.abs(mag - mean) > nstd * deviation).length / mags.length;
}

/** Range of the cumulative sums of the deviations, in standard deviations and points. */
export function cusum(points: readonly Photometry[]): number | undefined {
  if (isFlat(points)) return undefined;
  const mags = magsOf(points);
  const [mean, scale] = [meanOf(mags), mags.length * Math.sqrt(varianceOf(mags))];
  let [sum, least, greatest] = [0, Infinity, -Infinity];
  for (const mag of mags) {
    sum += (mag - mean) / scale;
    [least, greatest] = [Math.min(least, sum), Math.max(greatest, sum)];
  }
  return greatest - least;
}

/** Von Neumann's ratio: mean square of successive differences over the variance. */
export function eta(points: readonly Photometry[]): number | undefined {
  if (isFlat(points)) return undefined;
  const mags = magsOf(points);
  const squares = mags.slice(1).reduce((sum, mag, i) => sum + (mag - (mags[i] ?? Number.NaN)) ** 2, 0);
  return squares / ((mags.length - 1) * varianceOf(mags));
}

export function kurtosis(points: readonly Photometry[]): number | undefined {
  return isFlat(points) ? undefined : kurtosisOf(magsOf(points));
}

export function skew(points: readonly Photometry[]): number | undefined {
  return isFlat(points) ? undefined : skewOf(magsOf(points));
}

/** Undefined where the range below is zero: without variation, or where most of the magnitudes are one and the same. */
export function magnitudePercentageRatio(
  points: readonly Photometry[],
  numerator: number,
  denominator: number,
): number | undefined {
  const range = interPercentileRange(points, denominator);
  return range === 0 ? undefined : interPercentileRange(points, numerator) / range;
}

export function meanVariance(points: readonly Photometry[]): number {
  const mags = magsOf(points);
  return Math.sqrt(varianceOf(mags)) / meanOf(mags);
}

export function medianAbsoluteDeviation(points: readonly Photometry[]): number {
  const mags = magsOf(points);
  const median = medianOf(mags);
  return medianOf(mags.map((mag) => Math.abs(mag - median)));
}

/** Share of points nearer to the median than `quantile` (in single precision, as there) of half the full range. */
export function medianBufferRangePercentage(points: readonly Photometry[], quantile: number): number {
  const mags = magsOf(points);
  const median = medianOf(mags);
  const buffer = Math.fround(quantile) * amplitude(points);
  return mags.filter((mag) => Math.abs(mag - median) < buffer).length / mags.length;
}

export interface OtsuSplit {
  readonly meanDiff: number;
  readonly stdLower: number;
  readonly stdUpper: number;
  readonly lowerToAll: number;
}

/** The split of the magnitudes with the largest variance between its two parts (Otsu 1979, IEEE Trans. SMC 9, 62). */
export function otsuSplit(points: readonly Photometry[]): OtsuSplit | undefined {
  if (isFlat(points)) return undefined;
  const sorted = magsOf(points).toSorted((a, b) => a - b);
  const total = meanOf(sorted) * sorted.length;
  let best = { between: -Infinity, at: 1 };
  let below = 0;
  for (const [i, mag] of sorted.slice(0, -1).entries()) {
    below += mag;
    const [at, rest] = [i + 1, sorted.length - i - 1];
    const between = at * rest * ((total - below) / rest - below / at) ** 2;
    if (between > best.between) best = { between, at };
  }
  const [lower, upper] = [sorted.slice(0, best.at), sorted.slice(best.at)];
  const deviation = (part: readonly number[]): number => (part.length === 1 ? 0 : Math.sqrt(varianceOf(part)));
  return {
    ...{ meanDiff: meanOf(upper) - meanOf(lower), stdLower: deviation(lower), stdUpper: deviation(upper) },
    lowerToAll: lower.length / sorted.length,
  };
}

export function percentAmplitude(points: readonly Photometry[]): number {
  const mags = magsOf(points);
  const median = medianOf(mags);
  return Math.max(Math.max(...mags) - median, median - Math.min(...mags));
}

export function percentDifferenceMagnitudePercentile(points: readonly Photometry[], quantile: number): number {
  return interPercentileRange(points, quantile) / medianOf(magsOf(points));
}

export function magsOf(points: readonly Photometry[]): number[] {
  return points.map(({ mag }) => mag);
}

export function isFlat(points: readonly Photometry[]): boolean {
  return points.every(({ mag }) => mag === points[0]?.mag);
}
