import { z } from 'zod';
import { galacticOf } from '../../model/galactic.js';
import { defineT2 } from '../define.js';

/** What is known of the object itself as soon as it is accepted. Computed once for each object and set of data rights. */
export const t2ObjectFacts = defineT2({
  name: 'T2ObjectFacts',
  version: '1.0.0',
  summary: 'Position in equatorial and galactic coordinates, and when the object was seen at its acceptance.',
  input: 'stock',
  cost: 'light',
  config: z.strictObject({}),
  result: z.strictObject({
    name: z.string(),
    ra: z.number().describe('ICRS (deg)'),
    dec: z.number().describe('ICRS (deg)'),
    gal_l: z.number().describe('galactic longitude (deg)'),
    gal_b: z.number().describe('galactic latitude (deg)'),
    first_seen_jd: z.number().describe('Julian date of the first datapoint, limits too'),
    last_seen_jd: z.number(),
  }),
  run({ objectId, position: { ra, dec }, firstSeenJd, lastSeenJd }) {
    const { l, b } = galacticOf(ra, dec);
    return { name: objectId, ra, dec, gal_l: l, gal_b: b, first_seen_jd: firstSeenJd, last_seen_jd: lastSeenJd };
  },
});
