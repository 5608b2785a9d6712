import kafkajs from 'kafkajs';
import { compress, uncompress } from 'snappyjs';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** Blocks with their lengths, as Java's producers write them: magic, version, compatible version, then the blocks. */
const JAVA_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const JAVA_HEADER_BYTES = 16;
/** Brokers take no message larger than a few megabytes; a block that claims more is a bomb. */
const MAX_BLOCK_BYTES = 256 * 1024 * 1024;

/** Snappy, plain or in blocks. Throws `RangeError` where a block is longer than what is there. */
export function unpackSnappy(packed: Buffer): Buffer {
  if (!packed.subarray(0, JAVA_MAGIC.length).equals(JAVA_MAGIC))
    return Buffer.from(uncompress(packed, MAX_BLOCK_BYTES));
  const blocks: Buffer[] = [];
  for (let at = JAVA_HEADER_BYTES; at < packed.length;) {
    const length = at + 4 <= packed.length ? packed.readInt32BE(at) : -1;
    at += 4;
    if (length < 0 || at + length > packed.length)
      throw new RangeError(`snappy: a block of ${length} bytes at ${at} of ${packed.length}`);
    blocks.push(Buffer.from(uncompress(packed.subarray(at, at + length), MAX_BLOCK_BYTES)));
    at += length;
  }
  return Buffer.concat(blocks);
}

/**
 * Teaches the client snappy; gzip it knows. For lz4 and zstd it says by itself that it does not know them, and
 * `kafkaErrorOf` passes the codec's name on.
 */
export function registerCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: ({ buffer }: { readonly buffer: Buffer }) => Promise.resolve(Buffer.from(compress(buffer))),
    decompress: (packed: Buffer) => Promise.resolve(unpackSnappy(packed)),
  });
}
