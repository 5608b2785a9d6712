import type { Photometry } from '../../model/light-curve-features.js';
import { normalBelow } from '../../model/sample-statistics.js';
import { FEATURES, type FeatureName } from './feature-table.js';

// Simulated; times are days, magnitudes a sine with noise.
const JDS = [
  58002.72, 58002.93, 58003.24, 58014.07, 58017.15, 58023.0, 58024.51, 58026.1, 58030.92, 58039.14, 58048.3, 58048.48,
  58058.45, 58059.95,
];
const MAGS = [
  17.252, 16.957, 17.199, 17.414, 17.748, 18.276, 18.358, 18.655, 18.768, 18.536, 17.965, 18.012, 16.995, 17.171,
];
const ERRORS = [0.135, 0.032, 0.115, 0.03, 0.09, 0.082, 0.054, 0.069, 0.127, 0.068, 0.048, 0.114, 0.084, 0.126];

const POINTS: readonly Photometry[] = JDS.map((jd, i) => ({ jd, mag: MAGS[i] ?? 0, magErr: ERRORS[i] ?? 1 }));

// Golden values: light-curve 0.13.3 for Python (the crate light-curve-feature), each feature on these points, and its least number of them.
const GOLDEN: readonly (readonly [FeatureName, object, Readonly<Record<string, number>>, number])[] = [
  ['Amplitude', {}, { amplitude: 0.9055 }, 1],
  ['AndersonDarlingNormal', {}, { anderson_darling_normal: 0.4933089871891225 }, 4],
  ['BeyondNStd', { nstd: 1.0 }, { beyond_1_std: 0.35714285714285715 }, 2],
  ['BeyondNStd', { nstd: 2.0 }, { beyond_2_std: 0.0 }, 2],
  ['Cusum', {}, { cusum: 0.4346513175529473 }, 2],
  ['Duration', {}, { duration: 57.229999999995925 }, 1],
  ['Eta', {}, { eta: 0.3967635124383382 }, 2],
  ['EtaE', {}, { eta_e: 9.852784355560425 }, 2],
  ['ExcessVariance', {}, { excess_variance: 0.00128077914513505 }, 2],
  ['InterPercentileRange', { quantile: 0.25 }, { inter_percentile_range_25: 1.158999999999999 }, 1],
  ['InterPercentileRange', { quantile: 0.1 }, { inter_percentile_range_10: 1.6750999362468697 }, 1],
  ['Kurtosis', {}, { kurtosis: -1.5810343443071595 }, 4],
  [
    'LinearTrend',
    {},
    {
      linear_trend: 0.00465059235456234,
      linear_trend_sigma: 0.009246431509979048,
      linear_trend_noise: 0.6630335958635614,
    },
    3,
  ],
  [
    'LinearFit',
    {},
    {
      linear_fit_slope: 0.01793085994224542,
      linear_fit_slope_sigma: 0.0009207324867193499,
      linear_fit_reduced_chi2: 82.53880108611851,
    },
    3,
  ],
  [
    'MagnitudePercentageRatio',
    { quantile_numerator: 0.4, quantile_denominator: 0.05 },
    { magnitude_percentage_ratio_40_5: 0.31440928337120067 },
    2,
  ],
  [
    'MagnitudePercentageRatio',
    { quantile_numerator: 0.2, quantile_denominator: 0.1 },
    { magnitude_percentage_ratio_20_10: 0.7779834141145119 },
    2,
  ],
  ['MaximumSlope', {}, { maximum_slope: 1.4047619047677364 }, 2],
  ['MaximumTimeInterval', {}, { maximum_time_interval: 10.830000000001746 }, 2],
  ['Mean', {}, { mean: 17.80757142857143 }, 1],
  ['MeanVariance', {}, { mean_variance: 0.03614763100898678 }, 2],
  ['Median', {}, { median: 17.8565 }, 1],
  ['MedianAbsoluteDeviation', {}, { median_absolute_deviation: 0.6310000000000002 }, 1],
  ['MedianBufferRangePercentage', { quantile: 0.1 }, { median_buffer_range_percentage_10: 0.0 }, 1],
  ['MedianBufferRangePercentage', { quantile: 0.2 }, { median_buffer_range_percentage_20: 0.21428571428571427 }, 1],
  ['MinimumTimeInterval', {}, { minimum_time_interval: 0.18000000000029104 }, 2],
  ['ObservationCount', {}, { observation_count: 14.0 }, 0],
  [
    'OtsuSplit',
    {},
    {
      otsu_mean_diff: 1.1191428571428546,
      otsu_std_lower: 0.2691319379040698,
      otsu_std_upper: 0.30775987856954834,
      otsu_lower_to_all_ratio: 0.5,
    },
    2,
  ],
  ['PercentAmplitude', {}, { percent_amplitude: 0.9115000000000002 }, 1],
  [
    'PercentDifferenceMagnitudePercentile',
    { quantile: 0.05 },
    { percent_difference_magnitude_percentile_5: 0.09972839145443044 },
    1,
  ],
  [
    'PercentDifferenceMagnitudePercentile',
    { quantile: 0.1 },
    { percent_difference_magnitude_percentile_10: 0.0938089735528726 },
    1,
  ],
  ['ReducedChi2', {}, { chi2: 105.36339195286784 }, 2],
  ['Roms', {}, { roms: 8.978934372333805 }, 2],
  ['Skew', {}, { skew: 0.09929656801889045 }, 3],
  ['StandardDeviation', {}, { standard_deviation: 0.6437015211661756 }, 2],
  ['StetsonK', {}, { stetson_K: 0.8393052742400458 }, 2],
  ['TimeMean', {}, { time_mean: 58028.49714285713 }, 1],
  ['TimeStandardDeviation', {}, { time_standard_deviation: 19.88793543392991 }, 2],
  ['WeightedMean', {}, { weighted_mean: 17.61697384075627 }, 1],
];

/** The package keeps quantiles in single precision. */
const OF_QUANTILES = 1e-7;
const EXACT = 1e-9;

describe('a feature of a light curve', () => {
  it.each(GOLDEN)('has the names and values of the light-curve package: %s %j', (name, parameters, expected, least) => {
    const { compute, least: ours } = FEATURES[name];
    const found = compute(POINTS, { ...parameters });
    const tolerance = 'quantile' in parameters || 'quantile_numerator' in parameters ? OF_QUANTILES : EXACT;
    expect(Object.keys(found ?? {})).toEqual(Object.keys(expected));
    for (const [key, value] of Object.entries(expected)) {
      expect(Math.abs((found?.[key] ?? Number.NaN) - value)).toBeLessThanOrEqual(
        tolerance * Math.max(1, Math.abs(value)),
      );
    }
    expect(ours).toBe(least);
  });

  it('is there for each name, with the defaults of the package', () => {
    expect(new Set(GOLDEN.map(([name]) => name))).toEqual(new Set(Object.keys(FEATURES)));
    const first = new Map<FeatureName, object>();
    for (const [name, parameters] of GOLDEN) if (!first.has(name)) first.set(name, parameters);
    for (const [name, parameters] of first) expect(FEATURES[name].parameters.parse({})).toEqual(parameters);
  });

  it.each([
    'AndersonDarlingNormal',
    'Cusum',
    'Eta',
    'EtaE',
    'Kurtosis',
    'MagnitudePercentageRatio',
    'OtsuSplit',
    'Skew',
    'StetsonK',
  ] as const)('does not exist without variation, as there: %s', (name) => {
    const flat = POINTS.slice(0, 5).map((point) => ({ ...point, mag: 18 }));
    expect(FEATURES[name].compute(flat, {})).toBeUndefined();
  });

  it('does not depend on when the light curve was measured, but for its mean time', () => {
    const later = POINTS.map((point) => ({ ...point, jd: point.jd + 2_400_000.5 }));
    for (const [name, parameters, expected] of GOLDEN) {
      if (name === 'TimeMean') continue;
      const found = FEATURES[name].compute(later, { ...parameters }) ?? {};
      for (const [key, value] of Object.entries(expected)) expect(found[key]).toBeCloseTo(value, 5);
    }
  });
});

describe('the share of a normal distribution below a score', () => {
  // Golden values: scipy 1.17, special.ndtr.
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.96, 0.024997895148220435],
    [-4.999, 2.8814201414641323e-7],
    [-5.001, 2.851685632231757e-7],
    [-12, 1.776482112077653e-33],
    [8, 0.9999999999999993],
  ])('at %d is that of scipy', (score, share) => {
    expect(normalBelow(score) / share).toBeCloseTo(1, 8);
  });
});
