import { z } from 'zod';
import { interPercentileRange, linearFit, stetsonK, type Photometry } from '../../model/light-curve-features.js';
import { meanOf, medianOf, varianceOf } from '../../model/sample-statistics.js';
import * as ofMagnitudes from './magnitude-features.js';
import * as ofMeasurements from './measurement-features.js';
import { inName, percentInName } from './output-name.js';

type Points = readonly Photometry[];
/** By name of the output; undefined where the feature does not exist for these points. */
type Values = Readonly<Record<string, number>> | undefined;

/** A feature as a config names it. */
export interface Feature<Parameters extends z.ZodObject = z.ZodObject> {
  readonly describe: string;
  /** Fewer points have none. */
  readonly least: number;
  readonly parameters: Parameters;
  readonly compute: (points: Points, parameters: z.output<Parameters>) => Values;
}

function feature<Parameters extends z.ZodObject>(
  describe: string,
  least: number,
  parameters: Parameters,
  compute: (points: Points, parameters: z.output<Parameters>) => Values,
): Feature {
  return { describe, least, parameters, compute: (points, given) => compute(points, parameters.parse(given)) };
}

const none = z.strictObject({});

/** A feature with one output and no parameters. */
function plain(
  name: string,
  describe: string,
  least: number,
  compute: (points: Points) => number | undefined,
): Feature {
  return feature(describe, least, none, (points) => {
    const value = compute(points);
    return value === undefined ? undefined : { [name]: value };
  });
}

const quantile = z.number().gt(0).lt(0.5);
const QUANTILE = 'the range reaches from this quantile of the magnitudes to 1 minus it';
const single = (name: string, value: number | undefined): Values =>
  value === undefined ? undefined : { [name]: value };
const mags = ofMagnitudes.magsOf;
const jds = (points: Points): number[] => points.map(({ jd }) => jd);

/** The features of the light-curve package (Malanchev 2021, ascl:2107.001) that need no fit of a model and no periodogram, by its names. */
export const FEATURES = {
  Amplitude: plain('amplitude', 'half the range of the magnitudes (mag)', 1, ofMagnitudes.amplitude),
  AndersonDarlingNormal: plain(
    'anderson_darling_normal',
    'how far from normal the magnitudes are',
    4,
    ofMagnitudes.andersonDarling,
  ),
  BeyondNStd: feature(
    'share of points farther than nstd standard deviations from the mean',
    2,
    z.strictObject({ nstd: z.number().positive().default(1).describe('farther than so many standard deviations') }),
    (points, { nstd }) => ({ [`beyond_${inName(nstd)}_std`]: ofMagnitudes.beyondNStd(points, nstd) }),
  ),
  Cusum: plain('cusum', 'range of the cumulative sums', 2, ofMagnitudes.cusum),
  Duration: plain('duration', 'from the first point to the last (days)', 1, ofMeasurements.duration),
  Eta: plain('eta', 'successive differences over the variance', 2, ofMagnitudes.eta),
  EtaE: plain('eta_e', 'the same for uneven sampling', 2, ofMeasurements.etaE),
  ExcessVariance: plain('excess_variance', 'variance beyond that of the errors', 2, ofMeasurements.excessVariance),
  InterPercentileRange: feature(
    'range between the quantiles `quantile` and 1 - `quantile` of the magnitudes (mag)',
    1,
    z.strictObject({ quantile: quantile.default(0.25).describe(QUANTILE) }),
    (points, { quantile: share }) => ({
      [`inter_percentile_range_${percentInName(share)}`]: interPercentileRange(points, share),
    }),
  ),
  Kurtosis: plain('kurtosis', 'excess kurtosis of the magnitudes', 4, ofMagnitudes.kurtosis),
  LinearFit: feature('slope of a straight line (mag/day), its error and reduced chi2', 3, none, (points) => {
    const { slope, slopeSigma, reducedChi2 } = linearFit(points);
    return {
      ...{ linear_fit_slope: slope, linear_fit_slope_sigma: slopeSigma, linear_fit_reduced_chi2: reducedChi2 },
    };
  }),
  LinearTrend: feature('the same without regard to the errors, and the scatter about it (mag)', 3, none, (points) => {
    const { slope, sigma, noise } = ofMeasurements.linearTrend(points);
    return { linear_trend: slope, linear_trend_sigma: sigma, linear_trend_noise: noise };
  }),
  MagnitudePercentageRatio: feature(
    'one inter-percentile range over another',
    2,
    z.strictObject({
      quantile_numerator: quantile
        .default(0.4)
        .describe('of the range above: it reaches from this quantile to 1 minus it'),
      quantile_denominator: quantile.default(0.05).describe('of the range below'),
    }),
    (points, { quantile_numerator: n, quantile_denominator: d }) =>
      single(
        `magnitude_percentage_ratio_${percentInName(n)}_${percentInName(d)}`,
        ofMagnitudes.magnitudePercentageRatio(points, n, d),
      ),
  ),
  MaximumSlope: plain(
    'maximum_slope',
    'steepest slope between successive points (mag/day)',
    2,
    ofMeasurements.maximumSlope,
  ),
  MaximumTimeInterval: plain('maximum_time_interval', '(days)', 2, (points) =>
    Math.max(...ofMeasurements.intervals(points)),
  ),
  Mean: plain('mean', '(mag)', 1, (points) => meanOf(mags(points))),
  MeanVariance: plain('mean_variance', 'standard deviation over the mean', 2, ofMagnitudes.meanVariance),
  Median: plain('median', '(mag)', 1, (points) => medianOf(mags(points))),
  MedianAbsoluteDeviation: plain('median_absolute_deviation', '(mag)', 1, ofMagnitudes.medianAbsoluteDeviation),
  MedianBufferRangePercentage: feature(
    'share of points within `quantile` of half the range of the median',
    1,
    z.strictObject({ quantile: z.number().positive().default(0.1).describe('share of half the full range') }),
    (points, { quantile: share }) => ({
      [`median_buffer_range_percentage_${percentInName(share)}`]: ofMagnitudes.medianBufferRangePercentage(
        points,
        share,
      ),
    }),
  ),
  MinimumTimeInterval: plain('minimum_time_interval', '(days)', 2, (points) =>
    Math.min(...ofMeasurements.intervals(points)),
  ),
  ObservationCount: plain('observation_count', 'number of points', 0, (points) => points.length),
  OtsuSplit: feature('the two groups of magnitudes that differ most (mag)', 2, none, (points) => {
    const split = ofMagnitudes.otsuSplit(points);
    if (split === undefined) return undefined;
    const { meanDiff, stdLower, stdUpper, lowerToAll } = split;
    return {
      ...{ otsu_mean_diff: meanDiff, otsu_std_lower: stdLower, otsu_std_upper: stdUpper },
      otsu_lower_to_all_ratio: lowerToAll,
    };
  }),
  PercentAmplitude: plain(
    'percent_amplitude',
    'largest distance from the median (mag)',
    1,
    ofMagnitudes.percentAmplitude,
  ),
  PercentDifferenceMagnitudePercentile: feature(
    'inter-percentile range over the median',
    1,
    z.strictObject({ quantile: quantile.default(0.05).describe(QUANTILE) }),
    (points, { quantile: share }) => ({
      [`percent_difference_magnitude_percentile_${percentInName(share)}`]:
        ofMagnitudes.percentDifferenceMagnitudePercentile(points, share),
    }),
  ),
  ReducedChi2: plain('chi2', 'reduced chi2 about the weighted mean', 2, ofMeasurements.reducedChi2),
  Roms: plain('roms', 'robust median statistic', 2, ofMeasurements.roms),
  Skew: plain('skew', 'skewness of the magnitudes', 3, ofMagnitudes.skew),
  StandardDeviation: plain('standard_deviation', '(mag)', 2, (points) => Math.sqrt(varianceOf(mags(points)))),
  StetsonK: plain('stetson_K', 'shape: 0.80 for Gaussian noise, less for single outliers', 2, stetsonK),
  TimeMean: plain('time_mean', 'mean Julian date', 1, (points) => meanOf(jds(points))),
  TimeStandardDeviation: plain('time_standard_deviation', '(days)', 2, (points) => Math.sqrt(varianceOf(jds(points)))),
  WeightedMean: plain('weighted_mean', '(mag)', 1, ofMeasurements.weightedMean),
} satisfies Readonly<Record<string, Feature>>;

export type FeatureName = keyof typeof FEATURES;
