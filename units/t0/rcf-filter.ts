import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import {
  DECENT_NEEDS,
  galacticPlaneCut,
  isDetection,
  isNegative,
  reject,
  solarSystemCut,
} from '../../model/decent-cuts.js';
import type { Rejection } from '../../model/decision.js';
import { FieldReader } from '../../model/field-reader.js';
import { neededFields, numberOf } from '../../model/needed-fields.js';
import { hasStarUnder, isBrightStar, isNotReal, isVariableStar, type RcfHistory } from '../../model/rcf-stars.js';
import { defineFilter } from '../define.js';

const config = z.strictObject({
  min_ndet: z
    .int()
    .default(1)
    .describe('least number of datapoints in the packet, the candidate and, as in AMPEL, upper limits included'),
  min_dist_to_sso: z.number().describe('least distance of a known solar-system object (arcsec)'),
  min_gal_lat: z.number().describe('least absolute galactic latitude (deg); negative = not asked'),
  min_age: z.number().describe('least time from jdstarthist to the candidate (days, inclusive)'),
  max_ipac_age: z.number().describe('longest time from jdstarthist to jdendhist (days, inclusive); 0 = not asked'),
  max_magpsf: z.number().describe('faintest difference magnitude of the candidate (mag, inclusive)'),
  min_rb: z.number().default(0).describe('real-bogus score; as in AMPEL it is declared but not applied'),
  min_drb: z.number().default(0).describe('deep-learning real-bogus score; as in AMPEL it is declared but not applied'),
});
type Config = z.output<typeof config>;

const NEEDS = [...DECENT_NEEDS.slice(0, -1), 'drb', 'ssdistnr', 'jdstarthist'];
const PANSTARRS = [
  ...['sgmag1', 'srmag1', 'simag1', 'szmag1', 'srmag2', 'simag2', 'szmag2', 'srmag3', 'simag3', 'szmag3'],
];
const REFERENCE = ['magnr', 'distnr', 'neargaia', 'maggaia', 'neargaiabright', 'maggaiabright'];

/**
 * AMPEL's filter for the redshift completeness factor (ampel/contrib/hu/t0/RcfFilter.py), which follows the Bright
 * Transient Survey: bright, extragalactic, neither star nor artefact.
 */
export const rcfFilter = defineFilter({
  name: 'RcfFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Bright extragalactic transients without a star under or beside them, as of the Bright Transient Survey.',
  config,
  reads: {
    candidate: [...NEEDS, 'jd', 'jdendhist', 'magpsf', ...PANSTARRS, ...REFERENCE],
    history: ['candid', 'isdiffpos', 'magpsf'],
  },
  reasons: {
    nDet: 'fewer datapoints in the packet than min_ndet',
    missing: 'the alert lacks a field that the filter needs',
    isNone: 'a field that the filter needs is null',
    isdiffpos: 'fainter than the reference image (negative subtraction)',
    magpsf: 'fainter than max_magpsf',
    galPlane: 'closer to the galactic plane than min_gal_lat',
    ssdistnr: 'a known solar-system object is closer than min_dist_to_sso',
    age: 'younger than min_age',
    ipacAge: 'older than max_ipac_age',
    starUnder: 'a point source of PanSTARRS lies under it',
    notReal: 'real-bogus scores too low for the stars nearby',
    brightStar: 'a bright star is nearby',
    variableStar: 'an old source that varies',
  },
  run: (alert, cuts) => candidateCuts(alert, cuts) ?? starCuts(alert, cuts) ?? { accepted: true },
});

function candidateCuts({ candidate, history }: AlertContent, cuts: Config): Rejection | undefined {
  const nDet = 1 + history.length;
  if (nDet < cuts.min_ndet) return reject('nDet', nDet, cuts.min_ndet);
  const needed = neededFields(candidate, NEEDS);
  if (needed !== undefined) return needed;
  if (isNegative(candidate)) return reject('isdiffpos', candidate['isdiffpos'] ?? null, 't');
  const { magpsf = null } = candidate;
  // AMPEL raises an error for a null magnitude.
  if (!(numberOf(candidate, 'magpsf') <= cuts.max_magpsf)) return reject('magpsf', magpsf, cuts.max_magpsf);
  return (
    galacticPlaneCut(candidate, cuts.min_gal_lat) ??
    solarSystemCut(candidate, cuts.min_dist_to_sso) ??
    ageCuts(candidate, cuts)
  );
}

function ageCuts(alert: Fields, cuts: Config): Rejection | undefined {
  const age = ageDays(alert);
  if (!(age >= cuts.min_age)) return reject('age', age, cuts.min_age, 'jdstarthist');
  const { jdendhist } = alert;
  if (!(cuts.max_ipac_age > 0) || jdendhist === undefined) return undefined;
  if (jdendhist === null) return { accepted: false, reason: 'isNone', field: 'jdendhist' };
  const ipacAge = numberOf(alert, 'jdendhist') - numberOf(alert, 'jdstarthist');
  return ipacAge <= cuts.max_ipac_age ? undefined : reject('ipacAge', ipacAge, cuts.max_ipac_age, 'jdendhist');
}

function ageDays(alert: Fields): number {
  return numberOf(alert, 'jd') - numberOf(alert, 'jdstarthist');
}

function starCuts(alert: AlertContent, cuts: Config): Rejection | undefined {
  const light = lightCurve(alert, cuts.max_magpsf);
  if (Number.isNaN(light.peakMag)) return { accepted: false, reason: 'isNone', field: 'magpsf' };
  const fields = new FieldReader(alert.candidate);
  const reason = starReason(fields, light);
  // AMPEL raises an error at the first number that it needs and that is not there.
  return fields.rejection ?? (reason === undefined ? undefined : { accepted: false, reason });
}

function starReason(fields: FieldReader, light: RcfHistory): string | undefined {
  if (hasStarUnder(fields)) return 'starUnder';
  if (isNotReal(fields, light.ageDays)) return 'notReal';
  if (isBrightStar(fields)) return 'brightStar';
  return isVariableStar(fields, light) ? 'variableStar' : undefined;
}

/** Positive detections only, the candidate among them. */
function lightCurve({ candidate, history }: AlertContent, maxMagpsf: number): RcfHistory {
  const magpsf = numberOf(candidate, 'magpsf');
  let peakMag = magpsf;
  let brightDetections = magpsf < maxMagpsf ? 1 : 0;
  for (const point of history) {
    if (!isDetection(point) || point['isdiffpos'] === undefined || isNegative(point)) continue;
    const mag = numberOf(point, 'magpsf');
    peakMag = Math.min(peakMag, mag);
    if (mag < maxMagpsf) brightDetections++;
  }
  return { ageDays: ageDays(candidate), peakMag, brightDetections };
}
