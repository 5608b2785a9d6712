import { Unreadable } from './unreadable.js';
import type { RecordDecoder, Selection, WriterSchema } from './writer-schema.js';

/** Decoders by schema and selection: building one costs milliseconds. */
const decoders = new WeakMap<WriterSchema, Map<Selection, RecordDecoder>>();

/**
 * Some fields of a record that must take up all of `bytes`. The decoder is built once for each pair of schema and
 * selection objects, so hand in the same ones. Throws `Unreadable`.
 */
export function decodeWhole(schema: WriterSchema, bytes: Buffer, selection: Selection): unknown {
  let bySelection = decoders.get(schema);
  if (bySelection === undefined) decoders.set(schema, (bySelection = new Map<Selection, RecordDecoder>()));
  let decoder = bySelection.get(selection);
  if (decoder === undefined) bySelection.set(selection, (decoder = schema.decoder(selection)));
  const { value, offset } = decoder(bytes, 0);
  if (offset < 0) throw new Unreadable('truncated', `the record ends too early (${bytes.length} bytes)`);
  if (offset === bytes.length) return value;
  throw new Unreadable('trailing-bytes', `${bytes.length - offset} bytes follow the record's ${offset}`);
}
