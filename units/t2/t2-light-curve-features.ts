import { z } from 'zod';
import type { Datapoint, FieldValue } from '../../model/datapoint.js';
import { interPercentileRange, linearFit, stetsonK, type Photometry } from '../../model/light-curve-features.js';
import { defineT2 } from '../define.js';

const noParameters = z.strictObject({}).nullable();

const features = z.strictObject({
  InterPercentileRange: z
    .strictObject({ quantile: z.number().gt(0).lt(0.5).default(0.25) })
    .nullable()
    .optional()
    .describe('range between the quantiles `quantile` and 1 - `quantile` of the magnitudes (mag)'),
  LinearFit: noParameters.optional().describe('slope of a straight line (mag/day), its error and reduced chi2'),
  StetsonK: noParameters.optional().describe('shape: 0.80 for Gaussian noise, less for single outliers'),
});
type Features = z.output<typeof features>;

const config = z.strictObject({
  features: features
    .default({ InterPercentileRange: { quantile: 0.25 }, LinearFit: null, StetsonK: null })
    .describe('which features, each with its parameters or null'),
  tabulator: z
    .array(z.strictObject({ unit: z.literal('ZTFT2Tabulator') }))
    .optional()
    .describe('accepted so that a config of AMPEL moves over; detections are always tabulated as there'),
});

/** The longest of the features' least numbers of points, as AMPEL extracts all of them or none. */
const LEAST_POINTS = { InterPercentileRange: 1, LinearFit: 3, StetsonK: 2 } as const;

/**
 * AMPEL's features of each band, from the magnitudes (`magpsf`, `sigmapsf`) of all detections, brighter and fainter than
 * the reference alike: `linear_fit_slope_ztfr` and so on. A band with too few points, or without variation where
 * Stetson K is asked for, has no features; a feature that cannot be computed is null.
 */
export const t2LightCurveFeatures = defineT2({
  name: 'T2LightCurveFeatures',
  version: '1.0.0',
  summary: 'Spread, linear trend and shape of the magnitudes in each band.',
  input: 'lightCurve',
  cost: 'light',
  config,
  result: z.record(z.string(), z.number().nullable()),
  run({ datapoints }, config) {
    const result: Record<string, number | null> = {};
    for (const [band, photometry] of byBand(datapoints)) {
      for (const [feature, value] of featuresOf(photometry, config.features)) {
        result[`${feature}_${band}`] = Number.isFinite(value) ? value : null;
      }
    }
    return result;
  },
});

/** Detections by AMPEL's name of the band (`ztfg`), in the light curve's order. */
function byBand(datapoints: readonly Datapoint[]): Map<string, Photometry[]> {
  const bands = new Map<string, Photometry[]>();
  for (const { kind, jd, band, tags, body } of datapoints) {
    const { magpsf, sigmapsf } = body;
    if (kind !== 'detection' || !tags.includes('ZTF')) continue;
    if (!isMeasured(magpsf) || !isMeasured(sigmapsf)) continue;
    const name = `ztf${band}`;
    const photometry = bands.get(name) ?? [];
    photometry.push({ jd, mag: magpsf, magErr: sigmapsf });
    bands.set(name, photometry);
  }
  return bands;
}

function isMeasured(value: FieldValue | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function featuresOf(photometry: readonly Photometry[], wanted: Features): [string, number][] {
  const names = (['InterPercentileRange', 'LinearFit', 'StetsonK'] as const).filter(
    (name) => wanted[name] !== undefined,
  );
  if (names.some((name) => photometry.length < LEAST_POINTS[name])) return [];
  const found: [string, number][] = [];
  if (wanted.InterPercentileRange !== undefined) {
    const quantile = wanted.InterPercentileRange?.quantile ?? 0.25;
    found.push([`inter_percentile_range_${(100 * quantile).toFixed(0)}`, interPercentileRange(photometry, quantile)]);
  }
  if (wanted.LinearFit !== undefined) {
    const { slope, slopeSigma, reducedChi2 } = linearFit(photometry);
    found.push(
      ['linear_fit_slope', slope],
      ['linear_fit_slope_sigma', slopeSigma],
      ['linear_fit_reduced_chi2', reducedChi2],
    );
  }
  if (wanted.StetsonK !== undefined) {
    const value = stetsonK(photometry);
    if (value === undefined) return [];
    found.push(['stetson_K', value]);
  }
  return found;
}
