import { Decompress } from 'fzstd';

/** Of each frame: magic number. */
const MAGIC = 0xfd2fb528;
/** What decoders are asked to have room for (RFC 8878, 3.1.1.1.2); producers take 2 MB unless told otherwise. */
const MAX_WINDOW_BYTES = 8 * 1024 * 1024;
/** A block has 128 kB when it is full, and each moves the window, also an empty one. */
const MAX_BLOCKS = 4_096;
const RUN_OF_ONE_BYTE = 1;

/**
 * Unpacks zstd frames (RFC 8878) without the help of Node, which knows them from 22.15 on. Throws where the bytes are no
 * whole frames without a dictionary, want a window over 8 MiB, or unpack to more than `maxBytes`.
 */
export function unpackZstdFrames(packed: Buffer, maxBytes: number): Buffer {
  requireFrames(packed);
  const blocks: Uint8Array[] = [];
  let length = 0;
  const unpacking = new Decompress((block) => {
    length += block.length;
    if (length > maxBytes) throw new RangeError(`unpacks to more than ${maxBytes} bytes`);
    blocks.push(block);
  });
  unpacking.push(packed, true);
  return Buffer.concat(blocks, length);
}

/** Walks over the blocks' lengths: the unpacking itself believes what a header claims. */
function requireFrames(packed: Buffer): void {
  let blocksLeft = MAX_BLOCKS;
  for (let at = 0; at < packed.length;) {
    const frame = frameHeader(packed, at);
    at = frame.end;
    for (let isLast = false; !isLast;) {
      const header = littleEndian(packed, at, 3);
      const isRun = ((header >> 1) & 3) === RUN_OF_ONE_BYTE;
      isLast = (header & 1) === 1;
      at += 3 + (isRun ? 1 : header >>> 3);
      if (at > packed.length) throw cutOff(packed);
      if (--blocksLeft < 0) throw new RangeError(`more than ${MAX_BLOCKS} blocks`);
    }
    at += frame.checksumBytes;
    if (at > packed.length) throw cutOff(packed);
  }
}

/** Where the header that begins at `at` ends, and how long the checksum behind the blocks is. */
function frameHeader(packed: Buffer, at: number): { readonly end: number; readonly checksumBytes: number } {
  const magic = littleEndian(packed, at, 4);
  if (magic !== MAGIC) throw new RangeError(`byte ${at} begins with ${magic.toString(16)}, expected a zstd frame`);
  const descriptor = littleEndian(packed, at + 4, 1);
  if ((descriptor & 3) !== 0) throw new RangeError('a dictionary is needed');
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >>> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 1 << sizeFlag;
  const sizeAt = at + 5 + Number(!isSingleSegment);
  const claimed = littleEndian(packed, sizeAt, sizeBytes) + (sizeFlag === 1 ? 256 : 0);
  const windowBytes = isSingleSegment ? claimed : windowOf(littleEndian(packed, at + 5, 1));
  if (windowBytes > MAX_WINDOW_BYTES)
    throw new RangeError(`a window of ${windowBytes} bytes, expected at most ${MAX_WINDOW_BYTES}`);
  return { end: sizeAt + sizeBytes, checksumBytes: (descriptor & 4) === 0 ? 0 : 4 };
}

/** Bytes of the window: exponent in the upper five bits, eighths of it in the lower three. */
function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >>> 3));
  return base + (base / 8) * (descriptor & 7);
}

function littleEndian(packed: Buffer, at: number, bytes: number): number {
  if (at + bytes > packed.length) throw cutOff(packed);
  return packed.subarray(at, at + bytes).reduceRight((value, byte) => value * 256 + byte, 0);
}

function cutOff(packed: Buffer): RangeError {
  return new RangeError(`the zstd frame is cut off at ${packed.length} bytes`);
}
