import { isDrawable, MJD_EPOCH_JD } from './light-curve-points.js';

/** A model fitted to one band. */
export interface ModelCurve {
  readonly band: string;
  /** Julian date (UTC) and AB magnitude, in order of time. */
  readonly points: readonly (readonly [jd: number, mag: number])[];
}

/** A point of a model as it is drawn; points of one `curve` are joined. */
export interface CurvePoint {
  readonly mjd: number;
  readonly mag: number;
  readonly band: string;
  readonly curve: string;
}

/** What can be drawn of some curves: where a model has no value, or one that nothing in the sky has, its line is cut. */
export function curvePoints(curves: readonly ModelCurve[]): CurvePoint[] {
  return curves.flatMap(({ band, points }, index) => {
    let piece = 0;
    return points.flatMap(([jd, mag]) => {
      if (isDrawable(jd, mag)) return [{ mjd: jd - MJD_EPOCH_JD, mag, band, curve: `${index}.${piece}` }];
      piece++;
      return [];
    });
  });
}
