import type { AlertContent } from './alert.js';
import type { Fields } from './datapoint.js';
import { isDetection, isNegative } from './decent-cuts.js';
import type { Rejection } from './decision.js';
import type { OffsetPoint } from './host-offset.js';
import { neededFields, numberOf } from './needed-fields.js';

/** A detection of good quality on a source of the reference image. */
export interface NuclearPoint extends OffsetPoint {
  readonly jd: number;
  readonly fid: number;
  readonly rb: number;
  /** Magnitude of the source of the reference image (mag). */
  readonly magnr: number;
}

/** Fields of candidate and history that choose the points, in the order in which AMPEL looks at them. */
const CHOOSING = ['distnr', 'nbad', 'fwhm', 'elong', 'magdiff'];
const MEASURED = ['rb', 'jd', 'magnr', 'fid', 'magpsf', 'ra', 'dec', 'ranr', 'decnr'];

/** Fields that `nuclearPoints` reads of each point. */
export const NUCLEAR_POINT_FIELDS: readonly string[] = ['candid', 'isdiffpos', ...CHOOSING, ...MEASURED];

/**
 * The points that AMPEL's NuclearFilter looks at: on a source of the reference image, no bad pixel, narrow, round, aperture
 * and PSF magnitudes alike; positive ones only with `removeNegative`. A rejection where a field that this needs is null,
 * for which AMPEL raises an error. A point whose schema lacks a field is left out, as there.
 */
export function nuclearPoints(
  { candidate, history }: AlertContent,
  removeNegative: boolean,
): readonly NuclearPoint[] | Rejection {
  const points: NuclearPoint[] = [];
  for (const point of [candidate, ...history]) {
    if (point !== candidate && !isDetection(point)) continue;
    const needed = neededFields(point, CHOOSING);
    if (needed?.reason === 'missing') continue;
    if (needed !== undefined) return needed;
    if (!isGood(point) || (removeNegative && isNegative(point))) continue;
    const measured = neededFields(point, MEASURED);
    if (measured?.reason === 'missing') continue;
    if (measured !== undefined) return measured;
    points.push(pointOf(point));
  }
  return points;
}

function isGood(point: Fields): boolean {
  return (
    numberOf(point, 'distnr') > 0 &&
    numberOf(point, 'nbad') <= 0 &&
    numberOf(point, 'fwhm') < 5 &&
    numberOf(point, 'elong') < 1.3 &&
    Math.abs(numberOf(point, 'magdiff')) < 0.3
  );
}

function pointOf(point: Fields): NuclearPoint {
  return {
    jd: numberOf(point, 'jd'),
    fid: numberOf(point, 'fid'),
    rb: numberOf(point, 'rb'),
    magnr: numberOf(point, 'magnr'),
    magpsf: numberOf(point, 'magpsf'),
    raDeg: numberOf(point, 'ra'),
    decDeg: numberOf(point, 'dec'),
    hostRaDeg: numberOf(point, 'ranr'),
    hostDecDeg: numberOf(point, 'decnr'),
  };
}
