import { z } from 'zod';
import type { Datapoint, FieldValue } from '../../model/datapoint.js';
import { defineT2 } from '../define.js';

const config = z.strictObject({
  cols: z
    .array(z.string())
    .default(['drb', 'ra', 'dec', 'magpsf', 'sgscore1', 'distnr', 'distpsnr1'])
    .describe('fields of the latest detection to copy; null where it has none'),
  limiting_magnitude: z
    .number()
    .default(19.5)
    .describe('an upper limit is significant if it is fainter than this (mag)'),
});

const scalar = z.union([z.number(), z.string(), z.boolean(), z.null()]);

const result = z
  .object({
    num_detections: z.int(),
    first_detection: z.number().optional().describe('Julian date'),
    last_detection: z.number().optional().describe('Julian date'),
    ra_dis: scalar.optional().describe('position at discovery (deg)'),
    dec_dis: scalar.optional().describe('position at discovery (deg)'),
    last_significant_nondetection_jd: z.number().optional(),
    last_significant_nondetection_fid: scalar.optional(),
    last_significant_nondetection_diffmaglim: scalar.optional(),
  })
  .catchall(scalar.optional());

/**
 * AMPEL's summary of a light curve, body for body. The last significant non-detection before discovery is the last
 * one in AMPEL's order of ids: since ids of upper limits fall with time, it is the *earliest* limit of the state that
 * is faint enough. Without detections there is nothing but their number.
 */
export const t2LightCurveSummary = defineT2({
  name: 'T2LightCurveSummary',
  version: '1.0.0',
  summary: 'Number, time and place of the detections, fields of the latest one, last upper limit before the first.',
  input: 'lightCurve',
  cost: 'light',
  config,
  result,
  run({ datapoints }, { cols, limiting_magnitude }) {
    const detections = inOrderOfIds(datapoints, 'detection');
    const first = detections[0];
    const latest = detections.at(-1);
    if (first === undefined || latest === undefined) return { num_detections: 0 };
    const limit = inOrderOfIds(datapoints, 'upperLimit').findLast(
      ({ jd, body }) => jd < first.jd && Number(body['diffmaglim'] ?? Number.NaN) > limiting_magnitude,
    );
    return {
      num_detections: detections.length,
      first_detection: first.jd,
      ra_dis: valueOf(first, 'ra'),
      dec_dis: valueOf(first, 'dec'),
      last_detection: latest.jd,
      ...Object.fromEntries(cols.map((field) => [field, valueOf(latest, field)])),
      ...(limit === undefined
        ? {}
        : {
            last_significant_nondetection_jd: limit.jd,
            last_significant_nondetection_fid: valueOf(limit, 'fid'),
            last_significant_nondetection_diffmaglim: valueOf(limit, 'diffmaglim'),
          }),
    };
  },
});

function inOrderOfIds(datapoints: readonly Datapoint[], kind: Datapoint['kind']): Datapoint[] {
  return datapoints
    .filter((point) => point.kind === kind)
    .map((point) => ({ point, id: BigInt(point.id) }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ point }) => point);
}

/** What JSON cannot hold is as good as not measured. */
function valueOf({ body }: Datapoint, field: string): FieldValue {
  const value = body[field] ?? null;
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
