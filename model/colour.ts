import type { Magnitude } from './measured-brightness.js';

/** A magnitude at a time, with one standard deviation. */
export interface MagnitudeAt {
  readonly mag: number;
  readonly magErr: number;
}

/**
 * Magnitude at a Julian date from points in order of time: linear between the nearest before and after, or that of the nearest where
 * all are on one side. Undefined where there is none within `windowDays`.
 */
export function magnitudeAt(points: readonly Magnitude[], jd: number, windowDays: number): MagnitudeAt | undefined {
  const near = points.filter((point) => Math.abs(point.jd - jd) <= windowDays);
  const before = near.findLast((point) => point.jd <= jd);
  const after = near.find((point) => point.jd >= jd);
  const one = before ?? after;
  if (one === undefined) return undefined;
  if (before === undefined || after === undefined || after.jd === before.jd) {
    return { mag: one.mag, magErr: one.magErr };
  }
  const share = (jd - before.jd) / (after.jd - before.jd);
  return {
    mag: (1 - share) * before.mag + share * after.mag,
    magErr: Math.hypot((1 - share) * before.magErr, share * after.magErr),
  };
}

/** Difference of two magnitudes; undefined where one is not there. */
export function colourOf(
  blue: MagnitudeAt | undefined,
  red: MagnitudeAt | undefined,
): { readonly colour: number; readonly colourErr: number } | undefined {
  if (blue === undefined || red === undefined) return undefined;
  return { colour: blue.mag - red.mag, colourErr: Math.hypot(blue.magErr, red.magErr) };
}
