import type { Magnitude } from './measured-brightness.js';

/** The brightest point, of equals the last; undefined of none. */
export function brightestOf(points: readonly Magnitude[]): Magnitude | undefined {
  return points.reduce<Magnitude | undefined>((best, point) => {
    return best === undefined || point.mag <= best.mag ? point : best;
  }, undefined);
}

/** What a light curve has done so far, all bands together. */
export interface Course {
  /** The brightest point; undefined where the light curve has not yet declined from it. */
  readonly peak: Magnitude | undefined;
  /** Not peaked, and brightest at the end. */
  readonly isRising: boolean;
  /** The first point is fainter than the peak, or than the last point where there is no peak yet. */
  readonly hasRisen: boolean;
}

/**
 * AMPEL's judgement (T2RiseDeclineStat): it has peaked where the last point is fainter than the brightest and comes at least
 * `separationDays` after it. Fainter is what differs by more than the error of the difference. Points in order of time;
 * undefined without any.
 */
export function courseOf(points: readonly Magnitude[], separationDays: number): Course | undefined {
  const [first] = points;
  const last = points.at(-1);
  const brightest = brightestOf(points);
  if (first === undefined || last === undefined || brightest === undefined) return undefined;
  const isRecent = last.jd - brightest.jd < separationDays;
  const hasPeaked = !isRecent && isFainter(last, brightest);
  return {
    peak: hasPeaked ? brightest : undefined,
    isRising: !hasPeaked && isRecent,
    hasRisen: isFainter(first, hasPeaked ? brightest : last),
  };
}

function isFainter(one: Magnitude, other: Magnitude): boolean {
  return one.mag - other.mag > Math.hypot(one.magErr, other.magErr);
}

/** Longest time between one point and the next (days), points in order of time; undefined where all are of one time. */
export function longestGapDays(points: readonly Magnitude[]): number | undefined {
  const gaps = points.slice(1).map(({ jd }, index) => jd - (points[index]?.jd ?? jd));
  const longest = Math.max(0, ...gaps);
  return longest > 0 ? longest : undefined;
}
