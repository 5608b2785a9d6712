import { readConfluentFrame } from './avro/confluent-frame.js';
import { containerItems, KEPT_BYTES, type AvroRecord, type Damage } from './avro/container-records.js';
import { CONTAINER_MAGIC } from './avro/object-container.js';
import { SchemaCache } from './avro/schema-cache.js';
import type { SchemaSource } from './avro/schema-source.js';
import { Unreadable } from './avro/unreadable.js';
import type { Format } from './format.js';

/** First byte of Confluent's wire format. */
const FRAME_MAGIC = 0;

/**
 * Alerts in Avro: object containers, which have their schema with them, and messages in Confluent's wire format, which
 * name one of `numbered` schemas.
 */
export function alertFormat(numbered?: SchemaSource): Format<AvroRecord> {
  const schemas = new SchemaCache();
  return {
    isPacket: (head, name) => isContainer(head) || name.endsWith('.avro'),
    unpack: (bytes) => (bytes[0] === FRAME_MAGIC ? framedRecord(bytes, numbered) : containerItems(bytes, schemas)),
  };
}

function isContainer(bytes: Buffer): boolean {
  return bytes.subarray(0, CONTAINER_MAGIC.length).equals(CONTAINER_MAGIC);
}

function framedRecord(
  bytes: Buffer,
  numbered: SchemaSource | undefined,
): (AvroRecord | Damage)[] | Promise<(AvroRecord | Damage)[]> {
  const damage = (error: unknown): Damage[] => {
    if (error instanceof Unreadable) return [{ problem: error, bytes: Buffer.from(bytes.subarray(0, KEPT_BYTES)) }];
    throw error;
  };
  try {
    const { schemaId, record } = readConfluentFrame(bytes);
    if (numbered === undefined) {
      throw new Unreadable('schema', `the message names schema ${schemaId}, and no schemas are given (--schemas)`);
    }
    const schema = numbered.schema(schemaId);
    if (!(schema instanceof Promise)) return [{ schema, record }];
    return schema.then((fetched) => [{ schema: fetched, record }]).catch(damage);
  } catch (error) {
    return damage(error);
  }
}
