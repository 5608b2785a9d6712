import type { AlertContent } from './alert.js';
import type { Fields, FieldValue } from './datapoint.js';
import type { Rejection } from './decision.js';
import { galacticLatitudeDeg } from './galactic.js';
import { neededFields, numberOf } from './needed-fields.js';

/** Limits on number and times of the detections in a packet, by AMPEL's names; days, inclusive. */
export interface HistoryLimits {
  readonly min_ndet: number;
  readonly min_tspan: number;
  readonly max_tspan: number;
}

/** Limits on one subtraction: scores, pixels, ratio of axes, mag. */
export interface ImageLimits {
  readonly min_rb: number;
  readonly min_drb: number;
  readonly max_fwhm: number;
  readonly max_elong: number;
  readonly max_magdiff: number;
}

/** Limits on the time between first and last detection that the survey itself knows of (days, exclusive). */
export interface ArchiveLimits {
  readonly min_archive_tspan: number;
  readonly max_archive_tspan: number;
}

/** Radii in arcsec, star-galaxy scores from 0 (galaxy) to 1 (star). */
export interface PanstarrsLimits {
  readonly ps1_sgveto_rad: number;
  readonly ps1_sgveto_th: number;
  readonly ps1_confusion_rad: number;
  readonly ps1_confusion_sg_tol: number;
}

/** The cuts of AMPEL's DecentFilter, which other filters of AMPEL build on: `min_sso_dist` in arcsec, `min_gal_lat` in deg. */
export interface DecentCuts extends HistoryLimits, ImageLimits, ArchiveLimits, PanstarrsLimits {
  readonly min_sso_dist: number;
  readonly min_gal_lat: number;
}

/** AMPEL refuses an alert that lacks one of these, in this order. */
export const DECENT_NEEDS: readonly string[] = [
  ...['fwhm', 'elong', 'magdiff', 'nbad', 'distpsnr1', 'sgscore1', 'distpsnr2', 'sgscore2', 'distpsnr3', 'sgscore3'],
  ...['isdiffpos', 'ra', 'dec', 'rb', 'ssdistnr'],
];

/** All fields of the candidate that the cuts read. */
export const DECENT_FIELDS: readonly string[] = [...DECENT_NEEDS, 'jd', 'drb', 'jdstarthist', 'jdendhist'];

/** What the cuts reject for. */
export const DECENT_REASONS = {
  nDet: 'fewer detections in the packet than min_ndet',
  tSpan: 'detections in the packet span less than min_tspan or more than max_tspan',
  missing: 'the alert lacks a field that the filter needs',
  isNone: 'a field that the filter needs is null',
  isdiffpos: 'fainter than the reference image (negative subtraction)',
  rb: 'real-bogus score below min_rb',
  drb: 'deep-learning real-bogus score below min_drb',
  fwhm: 'image wider than max_fwhm',
  elong: 'image more elongated than max_elong',
  magdiff: 'aperture and PSF magnitude differ by more than max_magdiff',
  archive_tspan: 'history in the archive not between min_archive_tspan and max_archive_tspan',
  ssdistnr: 'a known solar-system object is closer than min_sso_dist',
  galPlane: 'closer to the galactic plane than min_gal_lat',
  distpsnr1: 'on a star of PanSTARRS',
  ps1Confusion: 'in a confused field of PanSTARRS',
} as const;

/** True for an entry of a packet's history that is a detection; a limit has no id. */
export function isDetection(point: Fields): boolean {
  return point['candid'] != null;
}

/**
 * Number and time span of the detections, the candidate included. `measured`: only those with a magnitude (`magpsf`)
 * count, the candidate too.
 */
export function historyCuts(
  { candidate, history }: AlertContent,
  cuts: HistoryLimits,
  measured = false,
): Rejection | undefined {
  const isCounted = !measured || candidate['magpsf'] != null;
  let nDet = isCounted ? 1 : 0;
  let first = isCounted ? numberOf(candidate, 'jd') : Infinity;
  let last = isCounted ? first : -Infinity;
  for (const point of history) {
    if (!isDetection(point) || (measured && point['magpsf'] == null)) continue;
    const jd = numberOf(point, 'jd');
    nDet++;
    // Unlike a comparison these keep NaN, which fits no span.
    first = Math.min(first, jd);
    last = Math.max(last, jd);
  }
  if (nDet < cuts.min_ndet) return reject('nDet', nDet, cuts.min_ndet);
  const tSpan = last - first;
  if (!(tSpan >= cuts.min_tspan)) return reject('tSpan', tSpan, cuts.min_tspan, 'jd');
  if (!(tSpan <= cuts.max_tspan)) return reject('tSpan', tSpan, cuts.max_tspan, 'jd');
  return undefined;
}

/** All cuts on the candidate. `minDrb`: 0 where the deep-learning score is not asked for. */
export function candidateCuts(alert: Fields, cuts: DecentCuts, minDrb = cuts.min_drb): Rejection | undefined {
  return (
    neededFields(alert, DECENT_NEEDS) ??
    imageCuts(alert, cuts, minDrb) ??
    archiveCut(alert, cuts) ??
    solarSystemCut(alert, cuts.min_sso_dist) ??
    galacticPlaneCut(alert, cuts.min_gal_lat) ??
    panstarrsCuts(alert, cuts)
  );
}

/** True where the subtraction is negative: fainter than the reference image. */
export function isNegative({ isdiffpos }: Fields): boolean {
  return isdiffpos === 'f' || isdiffpos === '0';
}

export function imageCuts(alert: Fields, cuts: ImageLimits, minDrb = cuts.min_drb): Rejection | undefined {
  if (isNegative(alert)) return reject('isdiffpos', alert['isdiffpos'] ?? null, 't');
  const rb = numberOf(alert, 'rb');
  if (!(rb >= cuts.min_rb)) return reject('rb', rb, cuts.min_rb);
  const { drb } = alert;
  // A null score proves nothing; AMPEL raises an error here, which its consumer counts as not accepted.
  if (minDrb > 0 && drb !== undefined && !(drb !== null && Number(drb) >= minDrb)) return reject('drb', drb, minDrb);
  const fwhm = numberOf(alert, 'fwhm');
  if (!(fwhm <= cuts.max_fwhm)) return reject('fwhm', fwhm, cuts.max_fwhm);
  const elong = numberOf(alert, 'elong');
  if (!(elong <= cuts.max_elong)) return reject('elong', elong, cuts.max_elong);
  const magdiff = numberOf(alert, 'magdiff');
  if (!(Math.abs(magdiff) <= cuts.max_magdiff)) return reject('magdiff', magdiff, cuts.max_magdiff);
  return undefined;
}

/** Asked only of an alert that has both times. */
export function archiveCut(alert: Fields, cuts: ArchiveLimits): Rejection | undefined {
  const { jdstarthist, jdendhist } = alert;
  if (jdstarthist === undefined || jdendhist === undefined) return undefined;
  // AMPEL raises an error here too.
  if (jdstarthist === null) return { accepted: false, reason: 'isNone', field: 'jdstarthist' };
  if (jdendhist === null) return { accepted: false, reason: 'isNone', field: 'jdendhist' };
  const span = numberOf(alert, 'jdendhist') - numberOf(alert, 'jdstarthist');
  if (!(span > cuts.min_archive_tspan)) return reject('archive_tspan', span, cuts.min_archive_tspan, 'jdendhist');
  if (!(span < cuts.max_archive_tspan)) return reject('archive_tspan', span, cuts.max_archive_tspan, 'jdendhist');
  return undefined;
}

export function solarSystemCut(alert: Fields, minDistArcsec: number): Rejection | undefined {
  const ssdistnr = numberOf(alert, 'ssdistnr');
  // A negative distance says that no object is known.
  return ssdistnr >= 0 && ssdistnr < minDistArcsec ? reject('ssdistnr', ssdistnr, minDistArcsec) : undefined;
}

/** `minLatitudeDeg` below 0: not asked. */
export function galacticPlaneCut(alert: Fields, minLatitudeDeg: number): Rejection | undefined {
  if (!(minLatitudeDeg >= 0)) return undefined;
  const latitudeDeg = Math.abs(galacticLatitudeDeg(numberOf(alert, 'ra'), numberOf(alert, 'dec')));
  return latitudeDeg >= minLatitudeDeg ? undefined : reject('galPlane', latitudeDeg, minLatitudeDeg, 'dec');
}

function panstarrsCuts(alert: Fields, cuts: PanstarrsLimits): Rejection | undefined {
  if (isStarOfPanstarrs(alert, cuts)) return reject('distpsnr1', alert['distpsnr1'] ?? null, cuts.ps1_sgveto_rad);
  return isConfused(alert, cuts) ? { accepted: false, reason: 'ps1Confusion', value: true } : undefined;
}

/** True where the nearest source of PanSTARRS is near and looks like a star. */
export function isStarOfPanstarrs(alert: Fields, cuts: PanstarrsLimits): boolean {
  return numberOf(alert, 'distpsnr1') < cuts.ps1_sgveto_rad && numberOf(alert, 'sgscore1') > cuts.ps1_sgveto_th;
}

/** True where the three nearest sources of PanSTARRS are all near, and each as much star as galaxy. */
export function isConfused(alert: Fields, cuts: PanstarrsLimits): boolean {
  return (
    isConfusing(alert, 'distpsnr1', 'sgscore1', cuts) &&
    isConfusing(alert, 'distpsnr2', 'sgscore2', cuts) &&
    isConfusing(alert, 'distpsnr3', 'sgscore3', cuts)
  );
}

function isConfusing(alert: Fields, distance: string, score: string, cuts: PanstarrsLimits): boolean {
  const isNear = numberOf(alert, distance) < cuts.ps1_confusion_rad;
  return isNear && Math.abs(numberOf(alert, score) - 0.5) < cuts.ps1_confusion_sg_tol;
}

/** A rejection for what one field has. */
export function reject(reason: string, value: FieldValue, limit: number | string, field = reason): Rejection {
  return { accepted: false, reason, field, value, limit };
}
