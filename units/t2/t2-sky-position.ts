import { z } from 'zod';
import { meanPosition } from '../../model/mean-position.js';
import { BadInput, defineT2 } from '../define.js';

/** Where the object was measured: its mean position and how its detections scatter about it. `BadInput` without a position. */
export const t2SkyPosition = defineT2({
  name: 'T2SkyPosition',
  version: '1.0.0',
  summary: 'Mean position of the detections, and how they scatter about it.',
  input: 'state',
  cost: 'light',
  config: z.strictObject({
    exclude_negative: z.boolean().default(false).describe('without detections fainter than the reference'),
  }),
  result: z.strictObject({
    positions: z.int().describe('detections that have one'),
    ra: z.number().describe('ICRS (deg)'),
    dec: z.number().describe('ICRS (deg)'),
    scatter: z.number().describe('root mean square of the distances from the mean (arcsec)'),
    farthest: z.number().describe('largest distance from the mean (arcsec)'),
  }),
  run({ datapoints }, { exclude_negative }) {
    const positions = datapoints.flatMap(({ kind, body }) => {
      const { ra, dec, isdiffpos, psfFlux } = body;
      const isNegative = isdiffpos === 'f' || isdiffpos === '0' || Number(psfFlux) < 0;
      if (kind !== 'detection' || (exclude_negative && isNegative)) return [];
      return typeof ra === 'number' && typeof dec === 'number' && Number.isFinite(ra + dec) ? [{ ra, dec }] : [];
    });
    const mean = meanPosition(positions);
    if (mean === undefined) throw new BadInput('no detection with a position');
    const { ra, dec, scatterArcsec, farthestArcsec } = mean;
    return { positions: positions.length, ra, dec, scatter: scatterArcsec, farthest: farthestArcsec };
  },
});
