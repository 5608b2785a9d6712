import { z } from 'zod';
import type { Datapoint } from '../../model/datapoint.js';
import { BadInput, defineT2 } from '../define.js';

const MINUTES_A_DAY = 1440;

/**
 * Whether a light curve is that of something that moves: detections on a known solar-system object (ZTF's `ssdistnr`, `ssmagnr`, `ssnamenr`), and
 * whether it was ever seen at the same place again. `BadInput` without a detection.
 */
export const t2SolarSystemVeto = defineT2({
  name: 'T2SolarSystemVeto',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Whether detections lie on known asteroids or comets, and whether the object stays where it is.',
  input: 'lightCurve',
  cost: 'light',
  config: z.strictObject({
    radius: z.number().positive().default(5).describe('a known object so near counts (arcsec)'),
    max_fainter: z
      .number()
      .default(2)
      .describe('it counts when its predicted magnitude is at most so much fainter (mag)'),
    min_minutes: z
      .number()
      .positive()
      .default(20)
      .describe('two detections so far apart in time are of what stays in its place'),
  }),
  result: z.strictObject({
    detections: z.int(),
    on_known: z.int().describe('detections on a known object'),
    names: z.array(z.string()).describe('of the known objects'),
    is_stationary: z.boolean().describe('detected twice, min_minutes apart, without a known object there'),
    veto: z.boolean().describe('the last detection lies on a known object, and it never was stationary'),
  }),
  run({ datapoints }, { radius, max_fainter, min_minutes }) {
    const detections = datapoints.filter(({ kind }) => kind === 'detection').toSorted((a, b) => a.jd - b.jd);
    const last = detections.at(-1);
    if (last === undefined) throw new BadInput('no detection');
    const isKnown = ({ body }: Datapoint): boolean => {
      const { ssdistnr, ssmagnr, magpsf } = body;
      if (typeof ssdistnr !== 'number' || !(ssdistnr >= 0) || ssdistnr > radius) return false;
      return (
        typeof ssmagnr !== 'number' || ssmagnr < 0 || typeof magpsf !== 'number' || ssmagnr - magpsf <= max_fainter
      );
    };
    const known = detections.filter(isKnown);
    const others = detections.filter((point) => !isKnown(point));
    const minutes = ((others.at(-1)?.jd ?? 0) - (others[0]?.jd ?? 0)) * MINUTES_A_DAY;
    const isStationary = minutes >= min_minutes;
    const names = known.map(({ body }) => body['ssnamenr']).filter((name) => typeof name === 'string');
    return {
      ...{ detections: detections.length, on_known: known.length, names: [...new Set(names)].sort() },
      ...{ is_stationary: isStationary, veto: isKnown(last) && !isStationary },
    };
  },
});
