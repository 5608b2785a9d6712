import { z } from 'zod';
import { BadInput, defineTiedT2 } from '../define.js';

const stat = z.looseObject({ jd_last: z.number(), mag_last: z.number() });

/**
 * How the object changed from state to state, as T2RiseDeclineStat saw it each time: an alert by itself does not tell whether an object is
 * brighter than when it was accepted. The slope is that of an unweighted line through the last magnitudes.
 */
export const t2BrighteningTrend = defineTiedT2({
  name: 'T2BrighteningTrend',
  version: '1.0.0',
  summary: 'How the latest magnitude moved over all states of the object so far.',
  input: 'state',
  cost: 'light',
  needs: [{ unit: 'T2RiseDeclineStat', of: 'states' }],
  config: z.strictObject({}),
  result: z.strictObject({
    states: z.int().describe('that have a result of T2RiseDeclineStat'),
    days: z.number().describe('between the last detections of the first and the last of them'),
    brightened: z
      .number()
      .describe('from the last magnitude of the first state to that of the last (mag); negative: faded'),
    slope: z.number().nullable().describe('(mag/day), negative while it brightens; null without two times'),
    is_record: z.boolean().describe('no earlier state ended brighter'),
  }),
  run(_, __, { T2RiseDeclineStat: results = [] }) {
    const seen = results.flatMap(({ body }) => {
      const parsed = stat.safeParse(body);
      return parsed.success ? [parsed.data] : [];
    });
    const [first] = seen;
    const last = seen.at(-1);
    if (first === undefined || last === undefined) throw new BadInput('no state has magnitudes');
    return {
      ...{ states: seen.length, days: last.jd_last - first.jd_last, brightened: first.mag_last - last.mag_last },
      ...{ slope: slopeOf(seen), is_record: seen.every(({ mag_last }) => last.mag_last <= mag_last) },
    };
  },
});

function slopeOf(points: readonly z.output<typeof stat>[]): number | null {
  const mean = (of: (point: z.output<typeof stat>) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [jd, mag] = [mean(({ jd_last }) => jd_last), mean(({ mag_last }) => mag_last)];
  const spread = mean(({ jd_last }) => (jd_last - jd) ** 2);
  return spread === 0 ? null : mean(({ jd_last, mag_last }) => (jd_last - jd) * (mag_last - mag)) / spread;
}
