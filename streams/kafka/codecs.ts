import { types } from 'node:util';
import zlib from 'node:zlib';
import kafkajs from 'kafkajs';
import { compress, uncompress } from 'snappyjs';
import { KafkaError } from './kafka-error.js';
import { unpackZstdFrames } from './zstd.js';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Blocks with their lengths, as Java's producers write them: magic, version, compatible version, then the blocks. */
const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const JAVA_HEADER_BYTES = 16;
/** Brokers take batches of a few megabytes; what claims to be more when it is unpacked is a bomb. */
const LIMIT = { maxOutputLength: 256 * 1024 * 1024 };

type Unpack = (packed: Buffer) => Buffer;

/** Snappy, plain or in blocks. Throws where a block is longer than what is there, or unpacks to more than there can be. */
export function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, JAVA_MAGIC.length).equals(JAVA_MAGIC)) return unpackBlock(packed);
  const blocks: Buffer[] = [];
  let left = LIMIT.maxOutputLength;
  for (let at = JAVA_HEADER_BYTES; at < packed.length;) {
    const length = at + 4 <= packed.length ? packed.readInt32BE(at) : -1;
    at += 4;
    if (length < 0 || at + length > packed.length) {
      throw new RangeError(`a block of ${length} bytes at ${at} of ${packed.length}`);
    }
    const block = unpackBlock(packed.subarray(at, at + length), left);
    blocks.push(block);
    left -= block.length;
    at += length;
  }
  return Buffer.concat(blocks);
}

function unpackBlock(packed: Buffer, limit = LIMIT.maxOutputLength): Buffer {
  return Buffer.from(uncompress(packed, limit));
}

/** Node knows zstd from 22.15 on, and is several times as fast. */
function unpackZstd(): Unpack {
  const unpack: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (isZlibFunction(unpack)) return (packed) => unpack(packed, LIMIT);
  return (packed) => unpackZstdFrames(packed, LIMIT.maxOutputLength);
}

function isZlibFunction(value: unknown): value is (packed: Buffer, limit: typeof LIMIT) => Buffer {
  return typeof value === 'function';
}

/** What unpacks or throws `KafkaError` with the codec's name. */
export function unpacker(codec: string, unpack: Unpack | undefined, without: string): Unpack {
  return (packed) => {
    if (unpack === undefined) throw new KafkaError('codec', `messages are packed with ${codec}, ${without}`);
    try {
      return unpack(packed);
    } catch (error) {
      const reason = types.isNativeError(error) ? error.message : String(error);
      throw new KafkaError('codec', `messages packed with ${codec} cannot be unpacked: ${reason}`);
    }
  };
}

const unpackers = {
  [CompressionTypes.GZIP]: unpacker('gzip', (packed) => zlib.gunzipSync(packed, LIMIT), ''),
  [CompressionTypes.Snappy]: unpacker('snappy', unpackSnappy, ''),
  [CompressionTypes.LZ4]: unpacker('lz4', undefined, 'which is not read here'),
  [CompressionTypes.ZSTD]: unpacker('zstd', unpackZstd(), ''),
} as const;

/** Teaches the client how messages are packed; writing is by gzip and snappy only. */
export function registerCodecs(): void {
  const packers = {
    [CompressionTypes.GZIP]: (buffer: Buffer) => zlib.gzipSync(buffer),
    [CompressionTypes.Snappy]: (buffer: Buffer) => Buffer.from(compress(buffer)),
  };
  for (const type of [CompressionTypes.GZIP, CompressionTypes.Snappy] as const) {
    CompressionCodecs[type] = () => ({
      compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(packers[type](buffer)),
      decompress: async (packed: Buffer) => Promise.resolve(unpackers[type](packed)),
    });
  }
  for (const type of [CompressionTypes.LZ4, CompressionTypes.ZSTD] as const) {
    CompressionCodecs[type] = () => ({
      decompress: async (packed: Buffer) => Promise.resolve(unpackers[type](packed)),
    });
  }
}
