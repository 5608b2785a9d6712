import type { Datapoint } from './datapoint.js';

/** ICRS position (degrees) of the first of these points that has one; undefined where none has. */
export function positionOf(
  datapoints: readonly Pick<Datapoint, 'body'>[],
): { readonly ra: number; readonly dec: number } | undefined {
  for (const { body } of datapoints) {
    const { ra, dec } = body;
    if (typeof ra === 'number' && typeof dec === 'number' && Number.isFinite(ra) && Number.isFinite(dec)) {
      return { ra, dec };
    }
  }
  return undefined;
}
