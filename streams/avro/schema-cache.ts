import { createHash } from 'node:crypto';
import { parseWriterSchema, type WriterSchema } from './writer-schema.js';

/** Each distinct header's schema is compiled once, however many packets carry it. */
export class SchemaCache {
  private readonly bySha256 = new Map<string, WriterSchema>();
  private last: { readonly bytes: Buffer; readonly schema: WriterSchema } | undefined;

  /** The schema in these bytes of JSON. Throws `Unreadable`. */
  get(bytes: Buffer): WriterSchema {
    // Packets of one night have one schema: comparing 8 kB is cheaper than hashing them.
    if (this.last?.bytes.equals(bytes) === true) return this.last.schema;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    let schema = this.bySha256.get(sha256);
    if (schema === undefined) this.bySha256.set(sha256, (schema = parseWriterSchema(bytes.toString('utf8'))));
    this.last = { bytes: Buffer.from(bytes), schema };
    return schema;
  }
}
