import { crc32, inflateRawSync } from 'node:zlib';
import snappy from 'snappyjs';
import { Unreadable } from './unreadable.js';

/** First bytes of an Avro object container file. */
export const CONTAINER_MAGIC = Buffer.from('Obj\x01', 'latin1');
const SYNC_BYTES = 16;
const CRC_BYTES = 4;
/** A count, a size and the sync marker. */
const MIN_BLOCK_BYTES = 2 + SYNC_BYTES;
/** A block of one alert is 0.1 MB; this bounds what a damaged length or a decompression bomb can ask for. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/** No element of Snappy's format gives more bytes than this for each of its own: 64 for 3. */
const MAX_SNAPPY_RATIO = 22;

/** Header of a container: everything before the first block. */
export interface ContainerHeader {
  /** Bytes of the writer schema's JSON, as a view on the input. */
  readonly schema: Buffer;
  readonly codec: string;
  readonly sync: Buffer;
  /** Offset of the first block. */
  readonly end: number;
}

/** A block after decompression: `count` records one after the other. */
export interface ContainerBlock {
  readonly count: number;
  readonly records: Buffer;
}

/** Reads the header at the start of `input`. Throws `Unreadable`. Layout: Avro specification 1.11, object container files. */
export function readContainerHeader(input: Buffer): ContainerHeader {
  if (input.length === 0) throw new Unreadable('truncated', 'the file has no bytes');
  const magic = input.subarray(0, CONTAINER_MAGIC.length);
  if (!magic.equals(CONTAINER_MAGIC.subarray(0, magic.length))) {
    const found = magic.toString('hex');
    throw new Unreadable('not-avro', `not an Avro container: starts with ${found}, expected 4f626a01 ("Obj" 01)`);
  }
  const cursor = new Cursor(input, CONTAINER_MAGIC.length, 'the header');
  let schema: Buffer | undefined;
  let codec = 'null';
  for (let entries = cursor.mapBlock(); entries > 0; entries = cursor.mapBlock()) {
    for (let i = 0; i < entries; i++) {
      const key = cursor.bytes().toString('utf8');
      const value = cursor.bytes();
      if (key === 'avro.schema') schema = value;
      if (key === 'avro.codec') codec = value.toString('utf8');
    }
  }
  if (schema === undefined) throw new Unreadable('schema', 'the container names no schema (avro.schema is missing)');
  return { schema, codec, sync: cursor.take(SYNC_BYTES), end: cursor.offset };
}

/** The blocks after `header`, each checked against the sync marker. Throws `Unreadable` where the container is damaged. */
export function* readContainerBlocks(input: Buffer, header: ContainerHeader): Generator<ContainerBlock> {
  const cursor = new Cursor(input, header.end, 'a block');
  while (cursor.offset < input.length) {
    const start = cursor.offset;
    const rest = input.length - start;
    if (start > header.end && rest < MIN_BLOCK_BYTES) {
      throw new Unreadable('trailing-bytes', `${rest} bytes follow the last whole block, too few for another`);
    }
    const count = cursor.long();
    const size = cursor.long();
    if (count < 0 || size < 0 || size > MAX_BLOCK_BYTES) {
      throw new Unreadable('corrupt', `the block at byte ${start} claims ${count} records in ${size} bytes`);
    }
    const stored = cursor.take(size);
    if (!cursor.take(SYNC_BYTES).equals(header.sync)) {
      throw new Unreadable(
        'corrupt',
        `the block at byte ${start} does not end with the file's sync marker: bytes were lost or changed`,
      );
    }
    yield { count, records: decompress(stored, header.codec, start) };
  }
}

function decompress(stored: Buffer, codec: string, start: number): Buffer {
  try {
    if (codec === 'null') return stored;
    if (codec === 'deflate') return inflateRawSync(stored, { maxOutputLength: MAX_BLOCK_BYTES });
    if (codec === 'snappy') return unsnap(stored);
  } catch (error) {
    throw new Unreadable('corrupt', `the ${codec} data of the block at byte ${start} is damaged: ${String(error)}`);
  }
  throw new Unreadable(
    'schema',
    `codec ${JSON.stringify(codec.slice(0, 40))} is not known; null, deflate and snappy are`,
  );
}

/** Snappy data, then a CRC-32 of what they decompress to: damage that Snappy itself does not notice. */
function unsnap(stored: Buffer): Buffer {
  if (stored.length < CRC_BYTES) throw new Error(`${stored.length} bytes have no room for a checksum`);
  const end = stored.length - CRC_BYTES;
  // The room is taken before the first byte is read, so the length that the data claim must be one that they can have.
  const most = Math.min(MAX_BLOCK_BYTES, end * MAX_SNAPPY_RATIO);
  const records = snappy.uncompress(stored.subarray(0, end), most);
  if (crc32(records) !== stored.readUInt32BE(end)) throw new Error('the checksum differs');
  return records;
}

/** Reads Avro primitives from a buffer and says where the bytes end too early. */
class Cursor {
  constructor(
    private readonly input: Buffer,
    public offset: number,
    private readonly part: string,
  ) {}

  take(length: number): Buffer {
    if (length < 0) throw new Unreadable('corrupt', `${this.part} claims a part of ${length} bytes`);
    const end = this.offset + length;
    if (end > this.input.length) {
      const missing = end - this.input.length;
      throw new Unreadable(
        'truncated',
        `ends inside ${this.part}: ${missing} bytes are missing after byte ${this.input.length}`,
      );
    }
    const taken = this.input.subarray(this.offset, end);
    this.offset = end;
    return taken;
  }

  /** A zig-zag variable-length integer; beyond 2^53 it is damage, whatever it counts. */
  long(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.take(1).readUInt8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      scale *= 128;
    }
    throw new Unreadable('corrupt', `the number at byte ${this.offset - 8} is longer than any length in a container`);
  }

  bytes(): Buffer {
    return this.take(this.long());
  }

  /** Number of entries of the next block of a map; a negative one is followed by the block's size. */
  mapBlock(): number {
    const entries = this.long();
    if (entries >= 0) return entries;
    this.long();
    return -entries;
  }
}
