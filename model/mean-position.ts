import { angularSeparationDeg, type SkyPosition } from './sky-separation.js';

/** Where several measurements of one object lie. */
export interface MeanPosition extends SkyPosition {
  /** Root mean square of the distances from the mean (arcsec). */
  readonly scatterArcsec: number;
  /** Largest distance from the mean (arcsec). */
  readonly farthestArcsec: number;
}

const RAD = Math.PI / 180;

/** Mean of positions as directions, so that ra 0 and the poles are like all places. Undefined without any. */
export function meanPosition(positions: readonly SkyPosition[]): MeanPosition | undefined {
  if (positions.length === 0) return undefined;
  let [x, y, z] = [0, 0, 0];
  for (const { ra, dec } of positions) {
    x += Math.cos(dec * RAD) * Math.cos(ra * RAD);
    y += Math.cos(dec * RAD) * Math.sin(ra * RAD);
    z += Math.sin(dec * RAD);
  }
  const ra = (Math.atan2(y, x) / RAD + 360) % 360;
  const mean = { ra, dec: Math.atan2(z, Math.hypot(x, y)) / RAD };
  const distances = positions.map((position) => 3600 * angularSeparationDeg(mean, position));
  const squares = distances.reduce((sum, distance) => sum + distance ** 2, 0);
  return {
    ...mean,
    scatterArcsec: Math.sqrt(squares / distances.length),
    farthestArcsec: distances.reduce((a, b) => Math.max(a, b)),
  };
}
