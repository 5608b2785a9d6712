import type { Fields, FieldValue } from '../../model/datapoint.js';
import type { Part } from './identity.js';
import { bandField, boundedField, fieldValue, idField, numberField, type PacketRecord } from './packet-fields.js';

/**
 * Fields that a datapoint keeps, AMPEL's choice (ampel/lsst/ingest/FieldSelection.py): the measurement without the
 * bookkeeping, which changes from alert to alert and would make new datapoints of old ones. A limit keeps all.
 */
export const KEPT_FIELDS = {
  DP: ['band', 'dec', 'diaSourceId', 'isNegative', 'midpointMjdTai', 'psfFlux', 'psfFluxErr', 'ra', 'snr', 'visit'],
  FP: ['band', 'dec', 'diaForcedSourceId', 'midpointMjdTai', 'psfFlux', 'psfFluxErr', 'ra', 'visit'],
  OBJ: ['dec', 'decErr', 'diaObjectId', 'nDiaSources', 'ra', 'raErr', 'ra_dec_Cov', 'radecMjdTai'],
} as const;

/** 1990 to 2099: narrow enough to catch a Julian date, or seconds, in place of a modified Julian date (days, TAI). */
export const MJD_BOUNDS = [47_892, 88_434] as const;

/** More sources than an object can have in ten years. */
const MOST_SOURCES = 2 ** 31 - 1;

/** How a field is read that is not simply a number or null. */
const READ: ReadonlyMap<string, (record: PacketRecord, name: string) => FieldValue> = new Map([
  ...['visit', 'diaSourceId', 'diaForcedSourceId', 'diaObjectId'].map((name) => [name, idField] as const),
  ['band', bandField],
  ['midpointMjdTai', (record, name) => boundedField(record, name, ...MJD_BOUNDS)],
  ['nDiaSources', countField],
  ['isNegative', (record, name) => fieldValue(name, record[name])],
]);

/** What a datapoint keeps of a record by today's names; fields that the schema lacks are left out. Throws `Unreadable`. */
export function bodyOf(part: Part, record: PacketRecord): Fields {
  const kept = part === 'ND' ? Object.keys(record) : KEPT_FIELDS[part];
  const body: Record<string, FieldValue> = {};
  for (const name of kept) if (name in record) body[name] = (READ.get(name) ?? numberField)(record, name);
  return body;
}

function countField(record: PacketRecord, name: string): FieldValue {
  return record[name] === null ? null : Math.trunc(boundedField(record, name, 0, MOST_SOURCES));
}
