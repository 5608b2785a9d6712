import { crc32, deflateRawSync } from 'node:zlib';
import avsc from 'avsc';
import snappy from 'snappyjs';

/** How a container is written; the defaults are ZTF's: no compression, one record a block. */
export interface ContainerOptions {
  readonly codec?: 'null' | 'deflate' | 'snappy';
  readonly recordsPerBlock?: number;
}

/** The marker that random bytes are in a real container. */
export const SYNC = Buffer.from('0123456789abcdef', 'latin1');

/** An Avro object container file with these records. Layout: Avro specification 1.11. */
export function containerOf(
  schema: avsc.Schema,
  records: readonly unknown[],
  { codec = 'null', recordsPerBlock = 1 }: ContainerOptions = {},
): Buffer {
  const parts = [containerHeader(JSON.stringify(schema), codec)];
  for (let start = 0; start < records.length; start += recordsPerBlock) {
    const block = records.slice(start, start + recordsPerBlock);
    parts.push(blockOf(block.length, Buffer.concat(block.map((record) => encode(schema, record))), codec));
  }
  return Buffer.concat(parts);
}

export function containerHeader(schemaJson: string, codec = 'null'): Buffer {
  const metadata = avsc.Type.forSchema({ type: 'map', values: 'bytes' }).toBuffer({
    'avro.schema': Buffer.from(schemaJson),
    'avro.codec': Buffer.from(codec),
  });
  return Buffer.concat([Buffer.from('Obj\x01', 'latin1'), metadata, SYNC]);
}

/** One block that claims `count` records. */
export function blockOf(count: number, records: Buffer, codec = 'null'): Buffer {
  const stored = compress(records, codec);
  return Buffer.concat([varint(count), varint(stored.length), stored, SYNC]);
}

export function varint(value: number): Buffer {
  return LONG.toBuffer(value);
}

/** A record's bytes; 64-bit integers are decimal strings. */
export function encode(schema: avsc.Schema, record: unknown): Buffer {
  return avsc.Type.forSchema(schema, { registry: { long: longFromString } }).toBuffer(record);
}

const LONG = avsc.Type.forSchema('long');

const longFromString = avsc.types.LongType.__with({
  toBuffer: (value: string) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE().toString(),
  fromJSON: (value: unknown) => String(value),
  toJSON: (value: unknown) => value,
  isValid: (value: unknown) => typeof value === 'string' && /^-?\d+$/.test(value),
  compare: (one: string, other: string) => Number(BigInt(one) - BigInt(other)),
});

function compress(records: Buffer, codec: string): Buffer {
  if (codec === 'deflate') return deflateRawSync(records);
  if (codec !== 'snappy') return records;
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(records));
  return Buffer.concat([snappy.compress(records), checksum]);
}
