import { z } from 'zod';
import type { FieldValue } from '../../model/datapoint.js';
import { BadInput, defineT2 } from '../define.js';

const score = z.number().min(0).max(1);

const result = z.strictObject({
  source: z.enum(['star', 'galaxy', 'unclear', 'none']),
  score: z.number().nullable().describe('null without a source'),
  distance: z.number().nullable().describe('(arcsec)'),
  veto: z.boolean().describe('a star'),
});

/**
 * What the nearest source of PanSTARRS is by its score (Tachibana & Miller 2018, PASP 130, 128001: 1 is a point source), from the fields of
 * ZTF's own candidates: earlier points of a history do not have them (`BadInput`).
 */
export const t2StarGalaxyVeto = defineT2({
  name: 'T2StarGalaxyVeto',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Whether the nearest source of PanSTARRS is a star, from the alert’s own fields.',
  input: 'datapoint',
  cost: 'light',
  config: z.strictObject({
    radius: z.number().positive().default(1.5).describe('a source so near counts (arcsec)'),
    star: score.default(0.8).describe('least score of a star'),
    galaxy: score.default(0.3).describe('largest score of a galaxy'),
  }),
  result,
  run({ datapoint: { id, body } }, { radius, star, galaxy }): z.output<typeof result> {
    if (!('sgscore1' in body) && !('distpsnr1' in body)) {
      throw new BadInput(`datapoint ${id} has no star-galaxy score: it came with the history of a later alert`);
    }
    const [found, distance] = [measured(body['sgscore1']), measured(body['distpsnr1'])];
    if (found === null || distance === null || distance > radius) {
      return { source: 'none', score: found, distance, veto: false };
    }
    const source = found >= star ? 'star' : found <= galaxy ? 'galaxy' : 'unclear';
    return { source, score: found, distance, veto: source === 'star' };
  },
});

/** ZTF marks what is not there with -999. */
function measured(value: FieldValue | undefined): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}
