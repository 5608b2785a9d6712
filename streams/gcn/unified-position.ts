import { definedOnly, type NoticePosition } from '../../model/notice.js';
import { bounded, numberOf, type JsonObject } from './fields.js';

/** GCN's core schema: a radius without a probability is one of 90 %. */
const DEFAULT_CONTAINMENT = 0.9;

const RADIANS = Math.PI / 180;

/**
 * The position in an object of GCN's `Localization` schema; undefined where it has none, or half of one.
 * Throws `Unreadable` for coordinates that are none.
 */
export function unifiedPosition(object: JsonObject, place = ''): NoticePosition | undefined {
  const ra = numberOf(object, 'ra');
  const dec = numberOf(object, 'dec');
  if (ra === undefined || dec === undefined) return undefined;
  const centre = skyPoint(ra, dec, place);
  const error = errorRegion(object['ra_dec_error'], `${place}ra_dec_error`);
  const errorRadiusDeg = error?.errorRadiusDeg ?? farthestCornerDeg(object['rectangular_error_corners'], centre);
  if (errorRadiusDeg === undefined) return centre;
  const containment = numberOf(object, 'containment_probability') ?? DEFAULT_CONTAINMENT;
  return definedOnly({
    ...centre,
    errorRadiusDeg,
    containment: bounded(containment, `${place}containment_probability`, 0, 1),
    ellipse: error?.ellipse,
    isSystematicIncluded: object['systematic_included'] === true,
  });
}

/** ICRS coordinates (degrees) in their bounds; 360 is 0. Throws `Unreadable`. */
export function skyPoint(ra: number, dec: number, place: string): { readonly ra: number; readonly dec: number } {
  return { ra: bounded(ra, `${place}ra`, 0, 360) % 360, dec: bounded(dec, `${place}dec`, -90, 90) };
}

/** A radius, or semi-major axis, semi-minor axis and position angle. Nought stands for unknown. */
function errorRegion(value: unknown, place: string): Pick<NoticePosition, 'errorRadiusDeg' | 'ellipse'> | undefined {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  const [major, minor, angle] = parts.map((part) => (typeof part === 'number' ? part : undefined));
  if (major === undefined) return undefined;
  const semiMajorDeg = bounded(major, place, 0, 180);
  if (minor === undefined) return semiMajorDeg === 0 ? undefined : { errorRadiusDeg: semiMajorDeg };
  const semiMinorDeg = bounded(minor, place, 0, 180);
  const errorRadiusDeg = Math.max(semiMajorDeg, semiMinorDeg);
  if (errorRadiusDeg === 0) return undefined;
  const positionAngleDeg = bounded(angle ?? 0, place, -360, 360);
  return { errorRadiusDeg, ellipse: { semiMajorDeg, semiMinorDeg, positionAngleDeg } };
}

/** Of a box, as MAXI gives it: the circle around the centre that holds all of it. */
function farthestCornerDeg(value: unknown, centre: { readonly ra: number; readonly dec: number }): number | undefined {
  const corners: readonly unknown[] = Array.isArray(value) ? value : [];
  const distances = corners.flatMap((corner) => {
    const point: readonly unknown[] = Array.isArray(corner) ? corner : [];
    const [ra, dec] = point;
    if (typeof ra !== 'number' || typeof dec !== 'number') return [];
    return [separationDeg(centre, skyPoint(ra, dec, 'rectangular_error_corners/'))];
  });
  return distances.length === 0 ? undefined : Math.max(...distances);
}

/** Great-circle distance by the haversine formula. */
function separationDeg(
  one: { readonly ra: number; readonly dec: number },
  other: { readonly ra: number; readonly dec: number },
): number {
  const sinHalfDec = Math.sin(((other.dec - one.dec) * RADIANS) / 2);
  const sinHalfRa = Math.sin(((other.ra - one.ra) * RADIANS) / 2);
  const squared = sinHalfDec ** 2 + Math.cos(one.dec * RADIANS) * Math.cos(other.dec * RADIANS) * sinHalfRa ** 2;
  return (2 * Math.asin(Math.min(1, Math.sqrt(squared)))) / RADIANS;
}
