import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import {
  archiveCut,
  DECENT_REASONS,
  galacticPlaneCut,
  historyCuts,
  imageCuts,
  isConfused,
  isDetection,
  isStarOfPanstarrs,
  reject,
  solarSystemCut,
} from '../../model/decent-cuts.js';
import type { Rejection } from '../../model/decision.js';
import { galacticLatitudeDeg } from '../../model/galactic.js';
import { neededFields, numberOf } from '../../model/needed-fields.js';
import { defineFilter } from '../define.js';
import { decentFilter } from './decent-filter.js';

const { shape } = decentFilter.config;

const config = z.strictObject({
  min_ndet: shape.min_ndet,
  max_ndet: z.int().describe('largest number of detections in the packet, the candidate included'),
  min_tspan: shape.min_tspan,
  max_tspan: shape.max_tspan,
  min_archive_tspan: shape.min_archive_tspan,
  max_archive_tspan: shape.max_archive_tspan,
  max_mag: z.number().default(30).describe('faintest difference magnitude of the candidate (mag)'),
  peak_time_limit: z
    .number()
    .default(10)
    .describe('age, counted back from the candidate, that divides earlier from recent detections (days)'),
  min_peak_diff: z
    .number()
    .default(1)
    .describe('by how much the recent detections must be brighter than the earlier ones in the mean (mag)'),
  min_drb: shape.min_drb,
  min_rb: shape.min_rb,
  max_fwhm: shape.max_fwhm.default(5.5),
  max_elong: shape.max_elong.default(1.4),
  max_magdiff: shape.max_magdiff.default(1),
  max_nbad: shape.max_nbad.default(0),
  min_sso_dist: shape.min_sso_dist.default(20),
  min_gal_lat: shape.min_gal_lat.default(-1),
  max_gal_lat: z.number().default(999).describe('largest absolute galactic latitude (deg)'),
  require_ps_star: z
    .boolean()
    .describe('the nearest source of PanSTARRS must be near and a star (ps1_sgveto_rad, _th)'),
  avoid_ps_confusion: z.boolean().default(false).describe('confused fields of PanSTARRS are refused (ps1_confusion_*)'),
  ps1_sgveto_rad: z.number().default(1).describe('a star of PanSTARRS is within this radius (arcsec)'),
  ps1_sgveto_th: z.number().default(0.8).describe('… and its star-galaxy score is above this'),
  ps1_confusion_rad: shape.ps1_confusion_rad.default(1),
  ps1_confusion_sg_tol: shape.ps1_confusion_sg_tol.default(0.1),
  require_gaia_star: z
    .literal(
      false,
      'the Gaia cut needs a catalogue service, which is not there yet: set require_gaia_star: false to go without it',
    )
    .describe('Gaia decides too; only false'),
  gaia_rs: z.number().default(20).describe('radius of the Gaia search (arcsec); not asked without require_gaia_star'),
  gaia_pm_signif: shape.gaia_pm_signif.default(3),
  gaia_plx_signif: shape.gaia_plx_signif.default(3),
  gaia_veto_gmag_min: shape.gaia_veto_gmag_min.default(9),
  gaia_veto_gmag_max: shape.gaia_veto_gmag_max.default(20),
  gaia_excessnoise_sig_max: shape.gaia_excessnoise_sig_max.default(999),
});
type Config = z.output<typeof config>;

const NEEDS = ['isdiffpos', 'rb', 'fwhm', 'elong', 'magdiff', 'magpsf', 'ssdistnr', 'ra', 'dec'];
const NEAREST = ['distpsnr1', 'sgscore1'];
const NEIGHBOURS = [...NEAREST, 'distpsnr2', 'sgscore2', 'distpsnr3', 'sgscore3'];

/**
 * AMPEL's filter for outbursts of stars (ampel/contrib/hu/t0/StellarFilter.py): the cuts of DecentFilter on history and
 * image, then a rise in brightness, and a star where DecentFilter wants none. AMPEL rejects without a word.
 */
export const stellarFilter = defineFilter({
  name: 'StellarFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Outbursts of stars: real, brighter than before, on a star of PanSTARRS.',
  config,
  reads: {
    candidate: [...NEEDS, ...NEIGHBOURS, 'jd', 'drb', 'jdstarthist', 'jdendhist'],
    history: ['jd', 'candid', 'magpsf'],
  },
  reasons: {
    ...DECENT_REASONS,
    nDet: 'number of detections in the packet not between min_ndet and max_ndet',
    magpsf: 'fainter than max_mag',
    noEarlierDetection: 'no detection that is older than peak_time_limit',
    peakDiff: 'recent detections not brighter than the earlier ones by min_peak_diff',
    galLat: 'farther from the galactic plane than max_gal_lat',
    distpsnr1: 'not on a star of PanSTARRS',
  },
  run: (alert, cuts) =>
    countCut(alert, cuts) ??
    historyCuts(alert, cuts) ??
    neededFields(alert.candidate, NEEDS) ??
    imageCuts(alert.candidate, cuts) ??
    archiveCut(alert.candidate, cuts) ??
    brightnessCuts(alert, cuts) ??
    surroundingsCuts(alert.candidate, cuts) ?? { accepted: true },
});

function countCut({ history }: AlertContent, { max_ndet }: Config): Rejection | undefined {
  let nDet = 1;
  for (const point of history) if (isDetection(point)) nDet++;
  return nDet > max_ndet ? reject('nDet', nDet, max_ndet) : undefined;
}

function brightnessCuts({ candidate, history }: AlertContent, cuts: Config): Rejection | undefined {
  const magpsf = numberOf(candidate, 'magpsf');
  if (!(magpsf <= cuts.max_mag)) return reject('magpsf', magpsf, cuts.max_mag);
  const nowJd = numberOf(candidate, 'jd');
  // The candidate itself has an age of 0.
  const isRecent = cuts.peak_time_limit >= 0;
  let recent = isRecent ? 1 : 0;
  let recentSum = isRecent ? magpsf : 0;
  let earlier = 1 - recent;
  let earlierSum = isRecent ? 0 : magpsf;
  for (const point of history) {
    if (!isDetection(point) || point['magpsf'] === undefined) continue;
    // A null magnitude makes the mean NaN, which is no rise; AMPEL raises an error there.
    const mag = numberOf(point, 'magpsf');
    if (nowJd - numberOf(point, 'jd') > cuts.peak_time_limit) {
      earlier++;
      earlierSum += mag;
    } else {
      recent++;
      recentSum += mag;
    }
  }
  if (earlier === 0) return reject('noEarlierDetection', 0, cuts.peak_time_limit, 'jd');
  const rise = earlierSum / earlier - recentSum / recent;
  return rise >= cuts.min_peak_diff ? undefined : reject('peakDiff', rise, cuts.min_peak_diff, 'magpsf');
}

function surroundingsCuts(alert: Fields, cuts: Config): Rejection | undefined {
  return (
    solarSystemCut(alert, cuts.min_sso_dist) ??
    galacticPlaneCut(alert, cuts.min_gal_lat) ??
    latitudeCut(alert, cuts.max_gal_lat) ??
    (cuts.require_ps_star ? starCut(alert, cuts) : undefined) ??
    (cuts.avoid_ps_confusion ? confusionCut(alert, cuts) : undefined)
  );
}

function latitudeCut(alert: Fields, maxLatitudeDeg: number): Rejection | undefined {
  if (maxLatitudeDeg >= 90) return undefined;
  const latitudeDeg = Math.abs(galacticLatitudeDeg(numberOf(alert, 'ra'), numberOf(alert, 'dec')));
  return latitudeDeg <= maxLatitudeDeg ? undefined : reject('galLat', latitudeDeg, maxLatitudeDeg, 'dec');
}

function starCut(alert: Fields, cuts: Config): Rejection | undefined {
  const needed = neededFields(alert, NEAREST);
  if (needed !== undefined || isStarOfPanstarrs(alert, cuts)) return needed;
  return reject('distpsnr1', alert['distpsnr1'] ?? null, cuts.ps1_sgveto_rad);
}

function confusionCut(alert: Fields, cuts: Config): Rejection | undefined {
  const needed = neededFields(alert, NEIGHBOURS);
  if (needed !== undefined || !isConfused(alert, cuts)) return needed;
  return { accepted: false, reason: 'ps1Confusion', value: true };
}
