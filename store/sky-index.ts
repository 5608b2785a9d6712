import { ang2pix_nest } from '@hscmap/healpix';

/** Order of the sky index of stocks: pixels of 26 arcsec. */
export const SKY_INDEX_ORDER = 13;

/** HEALPix pixel (NESTED) of an ICRS position in degrees. Throws `RangeError` above order 15, where the library is wrong. */
export function healpixNested(order: number, raDeg: number, decDeg: number): number {
  if (order > 15) throw new RangeError(`HEALPix order ${order}: orders up to 15 are exact`);
  return ang2pix_nest(2 ** order, ((90 - decDeg) * Math.PI) / 180, (raDeg * Math.PI) / 180);
}
