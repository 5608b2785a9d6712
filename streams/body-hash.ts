import { BSON } from 'mongodb';
import xxhash from 'xxhash-wasm';
import type { Fields, FieldValue } from '../model/datapoint.js';

const hasher = await xxhash();
const INT32_LIMIT = 2n ** 31n;

/**
 * AMPEL's id of what has none of its own: xxh64 (seed 0), read as a signed 64-bit integer, of the BSON document with the
 * fields of `body` in the order of their names. The same body is the same datapoint, in whatever alert it comes.
 * `integers`: fields that are integers in Avro and so in AMPEL's BSON; the other numbers are doubles there.
 */
export function bodyHash(body: Fields, integers: ReadonlySet<string>): string {
  const values = Object.keys(body)
    .sort()
    .map((name) => [name, bsonOf(body[name] ?? null, integers.has(name))] as const);
  return hashOfBson(Object.fromEntries(values));
}

/** The hash of a document as it is, fields in their order: what `bodyHash` rests on. */
export function hashOfBson(document: BSON.Document): string {
  return String(BigInt.asIntN(64, hasher.h64Raw(BSON.serialize(document))));
}

/** As Python's driver writes it: integers in 32 bits where they fit. */
function bsonOf(value: FieldValue, isWhole: boolean): unknown {
  if (isWhole && isInteger(value)) {
    const integer = BigInt(value);
    const fits = integer >= -INT32_LIMIT && integer < INT32_LIMIT;
    return fits ? new BSON.Int32(Number(integer)) : BSON.Long.fromBigInt(integer);
  }
  return typeof value === 'number' ? new BSON.Double(value) : value;
}

function isInteger(value: FieldValue): value is number | string {
  return typeof value === 'string' ? /^-?\d{1,19}$/.test(value) : Number.isSafeInteger(value);
}
