import { z } from 'zod';
import type { Datapoint, FieldValue } from '../../model/datapoint.js';
import type { Photometry } from '../../model/light-curve-features.js';
import { defineT2 } from '../define.js';
import { FEATURES, type FeatureName } from '../features/feature-table.js';

const NAMES = Object.keys(FEATURES) as FeatureName[];

/** Each feature by name, with its parameters or null. */
const features = z.strictObject(
  Object.fromEntries(
    NAMES.map((name) => {
      const { parameters, describe } = FEATURES[name];
      return [name, parameters.nullable().optional().describe(describe)];
    }),
  ),
);

type Wanted = Readonly<Partial<Record<FeatureName, Readonly<Record<string, unknown>> | null>>>;

const config = z.strictObject({
  features: features
    .default({ InterPercentileRange: { quantile: 0.25 }, LinearFit: null, StetsonK: null })
    .describe('which features, each with its parameters or null'),
  tabulator: z
    .array(z.strictObject({ unit: z.literal('ZTFT2Tabulator') }))
    .optional()
    .describe('accepted so that a config of AMPEL moves over; detections are always tabulated as there'),
});

/**
 * AMPEL's features of each band, from the magnitudes (`magpsf`, `sigmapsf`) of all detections, brighter and fainter than
 * the reference alike: `linear_fit_slope_ztfr` and so on. A band with too few points, or without variation where
 * Stetson K is asked for, has no features; a feature that cannot be computed is null.
 */
export const t2LightCurveFeatures = defineT2({
  name: 'T2LightCurveFeatures',
  version: '1.0.0',
  summary: 'Spread, trend, shape and others of the features of the light-curve package, in each band.',
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

/** All of the features, or none where one does not exist: as AMPEL extracts them. */
function featuresOf(photometry: readonly Photometry[], wanted: Wanted): [string, number][] {
  const values: [string, number][] = [];
  for (const name of NAMES) {
    const parameters = wanted[name];
    if (parameters === undefined) continue;
    const { least, compute } = FEATURES[name];
    const found = photometry.length < least ? undefined : compute(photometry, parameters ?? {});
    if (found === undefined) return [];
    values.push(...Object.entries(found));
  }
  return values;
}
