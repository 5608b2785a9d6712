import { CONTAINER_MAGIC } from './avro/object-container.js';
import { containerItems, type AvroRecord } from './avro/container-records.js';
import { SchemaCache } from './avro/schema-cache.js';
import type { Format } from './format.js';

/** Alerts in Avro: object containers, which have their schema with them. */
export function alertFormat(): Format<AvroRecord> {
  const schemas = new SchemaCache();
  return {
    isPacket: (head, name) => isContainer(head) || name.endsWith('.avro'),
    unpack: (bytes) => containerItems(bytes, schemas),
  };
}

function isContainer(bytes: Buffer): boolean {
  return bytes.subarray(0, CONTAINER_MAGIC.length).equals(CONTAINER_MAGIC);
}
