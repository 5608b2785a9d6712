import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import { reject } from '../../model/decent-cuts.js';
import type { Rejection } from '../../model/decision.js';
import { neededFields, numberOf } from '../../model/needed-fields.js';
import { definePreparedFilter } from '../define.js';

const config = z.strictObject({
  max_sso_dist: z
    .number()
    .positive()
    .max(30, 'ZTF tells of known objects within 30 arcsec only')
    .default(5)
    .describe('a known solar-system object within this explains the detection (arcsec, inclusive; ZTF)'),
  max_mag_diff: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe(
      'largest difference of the magnitude measured and the one predicted for that object (mag, inclusive; ZTF); null = not asked',
    ),
  min_history: z
    .int()
    .min(0)
    .default(0)
    .describe('least number of other detections at the place, at least min_gap away in time; 0 = not asked'),
  min_gap: z
    .number()
    .min(0)
    .default(0.02)
    .describe('time in which whatever moves has left the place (days); for min_history'),
});
type Config = z.output<typeof config>;

/** How a survey says what is a known object, and which of its points are detections. */
interface SurveyFields {
  readonly candidate: readonly string[];
  /** Time of a point (days). */
  readonly time: string;
  /** Id of a detection, which other points lack. */
  readonly id: string;
  readonly known: (candidate: Fields, config: Config) => Rejection | undefined;
}

const ZTF: SurveyFields = {
  candidate: ['jd', 'magpsf', 'ssdistnr', 'ssmagnr'],
  time: 'jd',
  id: 'candid',
  known: nearKnownObject,
};
const LSST: SurveyFields = {
  candidate: ['midpointMjdTai', 'ssObjectId', 'diaObjectId'],
  time: 'midpointMjdTai',
  id: 'diaSourceId',
  known: ofKnownObject,
};

/**
 * Asteroids, comets and what else moves, from the alert's own fields. ZTF gives the nearest known object within 30 arcsec
 * with its predicted magnitude (mostly V); LSST ties each source either to a place on the sky or to a solar-system object.
 * What is not known yet is seen once at a place: in half an hour a main-belt asteroid moves by some 15 arcsec.
 */
export const solarSystemFilter = definePreparedFilter({
  name: 'SolarSystemFilter',
  version: '1.0.0',
  surveys: ['ztf', 'lsst'],
  summary: 'Refuses known objects of the solar system and, where asked, what was seen only once at its place.',
  config,
  reads: (_config, survey) => {
    const { candidate, time, id } = fieldsOf(survey);
    return { candidate, history: [time, id] };
  },
  reasons: {
    ssdistnr: 'a known solar-system object is within max_sso_dist and, where asked, as bright as this',
    ssObjectId: 'a source of a known solar-system object',
    history: 'fewer other detections at the place than min_history: it may have moved there',
    missing: 'the alert lacks a field that the filter needs',
    isNone: 'a field that the filter needs is null',
  },
  bind(config, { survey }) {
    const fields = fieldsOf(survey);
    return (alert) => fields.known(alert.candidate, config) ?? historyCut(alert, config, fields) ?? { accepted: true };
  },
});

function fieldsOf(survey: string): SurveyFields {
  return survey === 'lsst' ? LSST : ZTF;
}

/** ZTF: a negative or null distance says that no object is known nearby. */
function nearKnownObject(candidate: Fields, { max_sso_dist, max_mag_diff }: Config): Rejection | undefined {
  const { ssdistnr } = candidate;
  if (ssdistnr === undefined) return { accepted: false, reason: 'missing', field: 'ssdistnr' };
  if (ssdistnr === null) return undefined;
  const distance = numberOf(candidate, 'ssdistnr');
  if (distance < 0 || distance > max_sso_dist) return undefined;
  if (max_mag_diff !== null) {
    const predicted = numberOf(candidate, 'ssmagnr');
    // Without a prediction, or without a measurement, nothing speaks for another source.
    if (predicted > 0 && Math.abs(numberOf(candidate, 'magpsf') - predicted) > max_mag_diff) return undefined;
  }
  return reject('ssdistnr', ssdistnr, max_sso_dist);
}

const ASSOCIATION = ['diaObjectId'];

/** LSST: a source is tied to an `ssObject` or to a `diaObject`; 0 is none. ELAsTiCC's schema has no `ssObjectId`. */
function ofKnownObject(candidate: Fields): Rejection | undefined {
  const { ssObjectId, diaObjectId } = candidate;
  if (isId(ssObjectId))
    return { accepted: false, reason: 'ssObjectId', field: 'ssObjectId', value: ssObjectId ?? null };
  if (isId(diaObjectId)) return undefined;
  return neededFields(candidate, ASSOCIATION) ?? { accepted: false, reason: 'isNone', field: 'diaObjectId' };
}

function isId(value: Fields[string]): boolean {
  return value != null && value !== 0 && value !== '0';
}

function historyCut({ candidate, history }: AlertContent, config: Config, fields: SurveyFields): Rejection | undefined {
  if (config.min_history === 0) return undefined;
  const nowDays = numberOf(candidate, fields.time);
  let count = 0;
  for (const point of history) {
    if (point[fields.id] == null) continue;
    if (Math.abs(numberOf(point, fields.time) - nowDays) >= config.min_gap) count++;
  }
  return count < config.min_history ? reject('history', count, config.min_history) : undefined;
}
