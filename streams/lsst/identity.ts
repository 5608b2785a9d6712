import { BSON } from 'mongodb';
import xxhash from 'xxhash-wasm';
import type { Fields, FieldValue } from '../../model/datapoint.js';

const hasher = await xxhash();

/** Which part of a packet a datapoint is, as the last part of AMPEL's tag: source, forced source, object, limit. */
export type Part = 'DP' | 'FP' | 'OBJ' | 'ND';

/** Fields that are integers in Avro and so in AMPEL's BSON: a flux of 100.0 is a double there, a visit 100 is not. */
const INTEGERS = new Set(['visit', 'diaSourceId', 'diaForcedSourceId', 'diaObjectId', 'nDiaSources']);
const INT32_LIMIT = 2n ** 31n;

/**
 * AMPEL's id of a datapoint: xxh64 (seed 0), read as a signed 64-bit integer, of the BSON document with the fields of
 * `body` in the order of their names (ampel/lsst/ingest/LSSTDataPointShaper.py). The same body is the same datapoint, in
 * whatever alert it comes. Fluxes in nJy, positions in degrees.
 */
export function datapointId(body: Fields): string {
  const values = Object.keys(body)
    .sort()
    .map((name) => [name, bsonOf(name, body[name] ?? null)] as const);
  return hashOfBson(Object.fromEntries(values));
}

/** The hash of a document as it is, fields in their order: what `datapointId` rests on. */
export function hashOfBson(document: BSON.Document): string {
  return String(BigInt.asIntN(64, hasher.h64Raw(BSON.serialize(document))));
}

/** As Python's driver writes it: integers in 32 bits where they fit. */
function bsonOf(name: string, value: FieldValue): unknown {
  if (INTEGERS.has(name) && isInteger(value)) {
    const integer = BigInt(value);
    const fits = integer >= -INT32_LIMIT && integer < INT32_LIMIT;
    return fits ? new BSON.Int32(Number(integer)) : BSON.Long.fromBigInt(integer);
  }
  return typeof value === 'number' ? new BSON.Double(value) : value;
}

function isInteger(value: FieldValue): value is number | string {
  return typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
}

/** AMPEL's tags of a datapoint, in AMPEL's order: survey, band (an object has none), part of the packet. */
export function lsstTags(part: Part, band?: string): string[] {
  return ['LSST', ...(band === undefined ? [] : [`LSST_${band.toUpperCase()}`]), `LSST_${part}`];
}

/** The access tag of all data: alerts of LSST are public, and have no programme ids that could say otherwise. */
export const PUBLIC = 'LSST';

/** True where a channel with these access tags may see a point with these tags. */
export function maySee(tags: readonly string[], access: readonly string[]): boolean {
  return tags.includes(PUBLIC) && access.includes(PUBLIC);
}
