import { createHash } from 'node:crypto';
import { parseWriterSchema, type WriterSchema } from './writer-schema.js';

/** All versions of a survey that come in turns are a dozen. A compiled one takes a megabyte, and anyone can make up more. */
const MOST_SCHEMAS = 64;

/** Each distinct header's schema is compiled once, however many packets carry it; those used last are kept. */
export class SchemaCache {
  private readonly bySha256 = new Map<string, WriterSchema>();
  private last: { readonly bytes: Buffer; readonly schema: WriterSchema } | undefined;

  /** The schema in these bytes of JSON. Throws `Unreadable`. */
  get(bytes: Buffer): WriterSchema {
    // Packets of one night have one schema: comparing 8 kB is cheaper than hashing them.
    if (this.last?.bytes.equals(bytes) === true) return this.last.schema;
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const schema = this.bySha256.get(sha256) ?? parseWriterSchema(bytes.toString('utf8'));
    this.keep(sha256, schema);
    this.last = { bytes: Buffer.from(bytes), schema };
    return schema;
  }

  /** A map keeps the order of its insertions: the oldest is the one that was not used for longest. */
  private keep(sha256: string, schema: WriterSchema): void {
    this.bySha256.delete(sha256);
    this.bySha256.set(sha256, schema);
    const [oldest] = this.bySha256.keys();
    if (this.bySha256.size > MOST_SCHEMAS && oldest !== undefined) this.bySha256.delete(oldest);
  }
}
