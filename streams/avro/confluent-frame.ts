import { Unreadable } from './unreadable.js';

/** Magic byte and schema id. */
const HEAD_BYTES = 5;
const MAGIC = 0;

/** A Kafka message that names its schema instead of carrying it. */
export interface ConfluentFrame {
  /** Number of the schema in the registry, 0 to 2^32 - 1. LSST numbers its schemas MAJOR * 100 + MINOR. */
  readonly schemaId: number;
  /** The record, as a view on the message. */
  readonly record: Buffer;
}

/**
 * Takes a message in Confluent's wire format apart: byte 0, the schema id as 4 bytes big-endian, the record.
 * Throws `Unreadable`.
 */
export function readConfluentFrame(bytes: Buffer): ConfluentFrame {
  if (bytes.length > 0 && bytes[0] !== MAGIC) {
    const found = bytes.subarray(0, HEAD_BYTES).toString('hex');
    throw new Unreadable(
      'not-avro',
      `not in Confluent's wire format: starts with ${found}, expected 00 and a schema id`,
    );
  }
  if (bytes.length <= HEAD_BYTES) {
    throw new Unreadable('truncated', `the message has ${bytes.length} bytes, expected ${HEAD_BYTES} and a record`);
  }
  return { schemaId: bytes.readUInt32BE(1), record: bytes.subarray(HEAD_BYTES) };
}
