import { z } from 'zod';
import type { FilterInput } from '../../model/alert.js';
import type { Fields, FieldValue } from '../../model/datapoint.js';
import type { Rejection } from '../../model/decision.js';
import { galacticLatitudeDeg } from '../../model/galactic.js';
import { defineFilter } from '../define.js';

const config = z.strictObject({
  min_ndet: z.int().describe('least number of detections in the packet, the candidate included'),
  min_tspan: z.number().describe('least time between first and last detection in the packet (days, inclusive)'),
  max_tspan: z.number().describe('longest time between first and last detection in the packet (days, inclusive)'),
  min_archive_tspan: z
    .number()
    .default(0)
    .describe('jdendhist - jdstarthist must exceed this (days); 0 rejects single visits'),
  max_archive_tspan: z.number().default(1e5).describe('jdendhist - jdstarthist must be below this (days)'),
  min_drb: z.number().default(0).describe('least deep-learning real-bogus score; 0 = not asked'),
  min_rb: z.number().describe('least real-bogus score'),
  max_fwhm: z.number().describe('largest full width at half maximum (pixels)'),
  max_elong: z.number().describe('largest ratio of the axes of the image'),
  max_magdiff: z.number().describe('largest absolute difference of aperture and PSF magnitude (mag)'),
  max_nbad: z.int().describe('bad pixels in the stamp; as in AMPEL it is declared but not applied'),
  min_sso_dist: z.number().describe('least distance of a known solar-system object (arcsec)'),
  min_gal_lat: z.number().describe('least absolute galactic latitude (deg); negative = not asked'),
  gaia_rs: z
    .number()
    .max(0, 'the Gaia cut needs a catalogue service, which is not there yet: set gaia_rs: 0 to go without it')
    .describe('radius of the Gaia search (arcsec); 0 = not asked'),
  gaia_pm_signif: z.number().describe('significance of the proper motion of a star (sigma)'),
  gaia_plx_signif: z.number().describe('significance of the parallax of a star (sigma)'),
  gaia_veto_gmag_min: z.number().describe('brightest Gaia source considered (G, mag)'),
  gaia_veto_gmag_max: z.number().describe('faintest Gaia source considered (G, mag)'),
  gaia_excessnoise_sig_max: z.number().describe('largest significance of the excess noise of a source considered'),
  ps1_sgveto_rad: z.number().describe('a PanSTARRS source within this radius can veto (arcsec)'),
  ps1_sgveto_th: z.number().describe('… if its star-galaxy score is above this'),
  ps1_confusion_rad: z
    .number()
    .describe('field is confused if all three PanSTARRS neighbours are within this radius (arcsec)'),
  ps1_confusion_sg_tol: z.number().describe('… and their star-galaxy scores within this of 0.5'),
});
type Config = z.output<typeof config>;

/** AMPEL refuses an alert that lacks one of these, in this order. */
const REQUIRED = [
  ...['fwhm', 'elong', 'magdiff', 'nbad', 'distpsnr1', 'sgscore1', 'distpsnr2', 'sgscore2', 'distpsnr3', 'sgscore3'],
  ...['isdiffpos', 'ra', 'dec', 'rb', 'ssdistnr'],
];

/** AMPEL's general-purpose filter for extragalactic transients (Nordin et al. 2019): decisions and order of cuts as AMPEL's. */
export const decentFilter = defineFilter({
  name: 'DecentFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Real, positive, isolated, extragalactic and not too old: the cuts that AMPEL channels start from.',
  config,
  reads: { candidate: [...REQUIRED, 'jd', 'drb', 'jdstarthist', 'jdendhist'], history: ['jd', 'candid'] },
  reasons: {
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
  },
  run: (alert, cuts) => historyCuts(alert, cuts) ?? candidateCuts(alert.candidate, cuts) ?? { accepted: true },
});

function historyCuts({ candidate, history }: FilterInput, cuts: Config): Rejection | undefined {
  let nDet = 1;
  let first = numberOf(candidate, 'jd');
  let last = first;
  for (const point of history) {
    if (point['candid'] == null) continue;
    const jd = numberOf(point, 'jd');
    nDet++;
    if (jd < first) first = jd;
    if (jd > last) last = jd;
  }
  if (nDet < cuts.min_ndet) return reject('nDet', nDet, cuts.min_ndet);
  const tSpan = last - first;
  if (tSpan < cuts.min_tspan) return reject('tSpan', tSpan, cuts.min_tspan, 'jd');
  if (tSpan > cuts.max_tspan) return reject('tSpan', tSpan, cuts.max_tspan, 'jd');
  return undefined;
}

function candidateCuts(alert: Fields, cuts: Config): Rejection | undefined {
  return missingField(alert) ?? imageCuts(alert, cuts) ?? surroundingsCuts(alert, cuts);
}

function missingField(alert: Fields): Rejection | undefined {
  for (const field of REQUIRED) {
    const value = alert[field];
    if (value === undefined) return { accepted: false, reason: 'missing', field };
    if (value === null) return { accepted: false, reason: 'isNone', field };
  }
  return undefined;
}

function imageCuts(alert: Fields, cuts: Config): Rejection | undefined {
  const { isdiffpos, drb } = alert;
  if (isdiffpos === 'f' || isdiffpos === '0') return reject('isdiffpos', isdiffpos, 't');
  const rb = numberOf(alert, 'rb');
  if (!(rb >= cuts.min_rb)) return reject('rb', rb, cuts.min_rb);
  // A null score proves nothing; AMPEL raises an error here, which its consumer counts as not accepted.
  if (cuts.min_drb > 0 && drb !== undefined && !(drb !== null && Number(drb) >= cuts.min_drb)) {
    return reject('drb', drb, cuts.min_drb);
  }
  const fwhm = numberOf(alert, 'fwhm');
  if (!(fwhm <= cuts.max_fwhm)) return reject('fwhm', fwhm, cuts.max_fwhm);
  const elong = numberOf(alert, 'elong');
  if (!(elong <= cuts.max_elong)) return reject('elong', elong, cuts.max_elong);
  const magdiff = numberOf(alert, 'magdiff');
  if (!(Math.abs(magdiff) <= cuts.max_magdiff)) return reject('magdiff', magdiff, cuts.max_magdiff);
  return undefined;
}

function surroundingsCuts(alert: Fields, cuts: Config): Rejection | undefined {
  if (typeof alert['jdstarthist'] === 'number' && typeof alert['jdendhist'] === 'number') {
    const span = alert['jdendhist'] - alert['jdstarthist'];
    if (!(span > cuts.min_archive_tspan)) return reject('archive_tspan', span, cuts.min_archive_tspan, 'jdendhist');
    if (!(span < cuts.max_archive_tspan)) return reject('archive_tspan', span, cuts.max_archive_tspan, 'jdendhist');
  }
  const ssdistnr = numberOf(alert, 'ssdistnr');
  // A negative distance says that no object is known.
  if (ssdistnr >= 0 && ssdistnr < cuts.min_sso_dist) return reject('ssdistnr', ssdistnr, cuts.min_sso_dist);
  if (cuts.min_gal_lat >= 0) {
    const latitude = Math.abs(galacticLatitudeDeg(numberOf(alert, 'ra'), numberOf(alert, 'dec')));
    if (latitude < cuts.min_gal_lat) return reject('galPlane', latitude, cuts.min_gal_lat, 'dec');
  }
  return panstarrsCuts(alert, cuts);
}

function panstarrsCuts(alert: Fields, cuts: Config): Rejection | undefined {
  const nearest = numberOf(alert, 'distpsnr1');
  if (nearest < cuts.ps1_sgveto_rad && numberOf(alert, 'sgscore1') > cuts.ps1_sgveto_th) {
    return reject('distpsnr1', nearest, cuts.ps1_sgveto_rad);
  }
  const confused = ['1', '2', '3'].every(
    (n) =>
      numberOf(alert, `distpsnr${n}`) < cuts.ps1_confusion_rad &&
      Math.abs(numberOf(alert, `sgscore${n}`) - 0.5) < cuts.ps1_confusion_sg_tol,
  );
  return confused ? { accepted: false, reason: 'ps1Confusion', value: true } : undefined;
}

function reject(reason: string, value: FieldValue, limit: number | string, field = reason): Rejection {
  return { accepted: false, reason, field, value, limit };
}

/** NaN for what is no number: it passes no `>=` and no `<=`. */
function numberOf(record: Fields, field: string): number {
  const value = record[field];
  return typeof value === 'number' ? value : Number.NaN;
}
