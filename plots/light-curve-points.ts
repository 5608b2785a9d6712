import { brightnessOf } from '../model/brightness.js';
import type { Datapoint } from '../model/datapoint.js';
import { fluxOf, magOfFlux } from '../model/measured-brightness.js';

/** What a point is drawn as. */
export type PointKind = 'detection' | 'forced photometry' | 'fainter than reference' | 'upper limit';

/** A point of a light curve as it is drawn. */
export interface PlotPoint {
  readonly id: string;
  /** Modified Julian date (UTC, days). */
  readonly mjd: number;
  /** AB; of a limit the limiting magnitude. */
  readonly mag: number;
  /** Ends of the error bar, one standard deviation to each side (mag). */
  readonly faint?: number;
  readonly bright?: number;
  readonly band: string;
  readonly survey: string;
  readonly kind: PointKind;
}

export interface PlotPoints {
  readonly points: readonly PlotPoint[];
  /** Measurements that have no magnitude, or one that nothing in the sky has. */
  readonly notShown: number;
}

export const MJD_EPOCH_JD = 2_400_000.5;
/** Julian dates of 1900 and 2100, and magnitudes: beyond are marks of missing values, such as 99 and -999. */
const JD_BOUNDS = [2_415_020, 2_488_070] as const;
const MAG_BOUNDS = [-5, 35] as const;
/** As for detections of forced photometry elsewhere: a fainter flux (in standard deviations) is none. */
const LEAST_SIGNIFICANCE = 3;
/** What a limit would be for the surveys themselves, in standard deviations. */
const LIMIT_SIGMAS = 5;

/** Points of a light curve in the order in which they are to be drawn: limits first, so that nothing is hidden by them. */
export function plotPoints(datapoints: readonly Datapoint[]): PlotPoints {
  const measured = datapoints.filter(({ kind }) => kind !== 'object');
  const points = measured.map(plotPoint).filter((point) => point !== undefined);
  const isLimit = ({ kind }: PlotPoint): boolean => kind === 'upper limit';
  return {
    points: [...points.filter(isLimit), ...points.filter((point) => !isLimit(point))],
    notShown: measured.length - points.length,
  };
}

/** True for a time and magnitude that can be drawn. */
export function isDrawable(jd: number, mag: number): boolean {
  return isBetween(jd, JD_BOUNDS) && isBetween(mag, MAG_BOUNDS);
}

function plotPoint(point: Datapoint): PlotPoint | undefined {
  const found = point.kind === 'forced' ? forcedBrightness(point) : directBrightness(point);
  if (found === undefined || !isDrawable(point.jd, found.mag)) return undefined;
  const { mag, magErr, kind } = found;
  const hasError = magErr !== undefined && Number.isFinite(magErr) && magErr > 0;
  return {
    ...{ id: point.id, mjd: point.jd - MJD_EPOCH_JD, mag },
    ...(hasError && { faint: mag + magErr, bright: mag - magErr }),
    // The first of AMPEL's tags is the survey.
    ...{ band: point.band, survey: point.tags[0] ?? '', kind },
  };
}

interface Found {
  readonly mag: number;
  readonly magErr?: number;
  readonly kind: PointKind;
}

function directBrightness(point: Datapoint): Found | undefined {
  const brightness = brightnessOf(point);
  if (brightness === undefined) return undefined;
  const { mag, magErr, isLimit, isNegative } = brightness;
  if (isLimit) return { mag, kind: 'upper limit' };
  return {
    mag,
    ...(magErr !== undefined && { magErr }),
    kind: isNegative ? 'fainter than reference' : 'detection',
  };
}

/** A flux that is lost in its noise tells how bright the object was not. */
function forcedBrightness(point: Datapoint): Found | undefined {
  const measured = fluxOf(point);
  if (measured === undefined || !(measured.fluxErr > 0)) return undefined;
  const { flux, fluxErr } = measured;
  if (Math.abs(flux) < LEAST_SIGNIFICANCE * fluxErr)
    return { mag: magOfFlux(LIMIT_SIGMAS * fluxErr), kind: 'upper limit' };
  const magErr = ((2.5 / Math.LN10) * fluxErr) / Math.abs(flux);
  return {
    ...{ mag: magOfFlux(Math.abs(flux)), magErr },
    kind: flux < 0 ? 'fainter than reference' : 'forced photometry',
  };
}

function isBetween(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}
