import { readContainerBlocks, readContainerHeader } from './object-container.js';
import type { SchemaCache } from './schema-cache.js';
import { Unreadable } from './unreadable.js';
import type { RecordDecoder, WriterSchema } from './writer-schema.js';

/** An encoded record with the schema it was written with. */
export interface AvroRecord {
  readonly schema: WriterSchema;
  readonly record: Buffer;
}

/** What stands in the way of reading something, and what was found, bounded. */
export interface Damage {
  readonly problem: Unreadable;
  readonly bytes: Buffer;
}

/** A record of a container, or what stands in the way of reading it. */
export type ContainerItem = AvroRecord | Damage;

/** Bytes of a damaged input that are kept for the dead letters: more than any alert has with its cutouts. */
export const KEPT_BYTES = 1024 * 1024;

/** The records of a container that is in memory; damage ends it with a problem, records before it stand. */
export function* containerItems(input: Buffer, schemas: SchemaCache): Generator<ContainerItem> {
  let found = 0;
  try {
    const header = readContainerHeader(input);
    const schema = schemas.get(header.schema);
    for (const block of readContainerBlocks(input, header)) {
      for (const record of splitBlock(block.records, block.count, schema)) {
        found++;
        yield { schema, record };
      }
    }
    if (found === 0) throw new Unreadable('empty', 'the container holds no alerts');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    yield { problem: error, bytes: Buffer.from(input.subarray(0, KEPT_BYTES)) };
  }
}

/** The single records of a block: only the decoder knows where one ends. */
function* splitBlock(records: Buffer, count: number, schema: WriterSchema): Generator<Buffer> {
  if (count === 1) {
    yield records;
    return;
  }
  // No record takes less than a byte.
  if (count > records.length) {
    throw new Unreadable('corrupt', `a block claims ${count} records in ${records.length} bytes`);
  }
  const skip = skipperOf(schema);
  let start = 0;
  for (let i = 0; i < count; i++) {
    const { offset } = skip(records, start);
    if (offset < 0) throw new Unreadable('truncated', `the block ends inside its record ${i + 1} of ${count}`);
    yield records.subarray(start, offset);
    start = offset;
  }
  if (start !== records.length) {
    throw new Unreadable('trailing-bytes', `${records.length - start} bytes follow the last of ${count} records`);
  }
}

/** Decoders of nothing, by schema: building one costs milliseconds. */
const skippers = new WeakMap<WriterSchema, RecordDecoder>();

function skipperOf(schema: WriterSchema): RecordDecoder {
  let skip = skippers.get(schema);
  if (skip === undefined) skippers.set(schema, (skip = schema.decoder({})));
  return skip;
}
