import type { ByteReader } from './byte-reader.js';

/** POSIX tar has "ustar" before this byte. */
export const TAR_MAGIC_END = 262;
const BLOCK_BYTES = 512;
/** Attributes of a file have a few hundred bytes, a list of them some thousands. */
const MAX_EXTENSION_BYTES = 1024 * 1024;
/** The longest path that Linux knows has 4096. It is a label here, and nothing else. */
const MAX_NAME_LETTERS = 1024;
/** `0` and nothing: a file; `7`: one that was to lie in one piece. */
const FILE_TYPES = new Set(['0', '\0', '7']);
/** Links, devices, folders, pipes: whatever size they claim, nothing follows. */
const BODILESS_TYPES = new Set(['1', '2', '3', '4', '5', '6']);

/** One entry, whose bytes are next. */
export interface TarEntry {
  readonly name: string;
  readonly isFile: boolean;
  /** As it claims. */
  readonly size: number;
  /** Its first bytes, at most a block. */
  head(): Promise<Buffer>;
  /** All of it; at once, or never. Throws where the tar ends before. */
  read(): Promise<Buffer>;
}

/** What a POSIX or GNU extension says of the entry after it. */
interface Extension {
  readonly name?: string;
  readonly size?: number;
}

interface Header {
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/**
 * The entries of a tar, one after the other: what is not read of one is passed over. Nothing is ever written, and a link is
 * not followed. Throws where the tar is damaged or ends too early. Format: POSIX.1-2001 pax, and GNU's long names and sizes.
 */
export async function* tarEntries(bytes: ByteReader): AsyncGenerator<TarEntry, void> {
  let ofAll: Extension = {};
  let ofNext: Extension = {};
  for (;;) {
    const block = await bytes.take(BLOCK_BYTES);
    // Two empty blocks are the end; what is glued behind them is read as well.
    if (block.every((byte) => byte === 0)) {
      if (block.length < BLOCK_BYTES) return;
      continue;
    }
    const header = headerOf(block);
    if (header.type === 'g') ofAll = { ...ofAll, ...extensionOf(await extension(bytes, header)) };
    else if (header.type === 'x') ofNext = { ...ofNext, ...extensionOf(await extension(bytes, header)) };
    else if (header.type === 'L') ofNext = { ...ofNext, name: textOf(await extension(bytes, header)) };
    else if (header.type === 'K') await extension(bytes, header);
    else {
      yield* entryOf(bytes, { ...header, ...ofAll, ...ofNext });
      ofNext = {};
    }
  }
}

async function* entryOf(bytes: ByteReader, { name, type, size }: Header): AsyncGenerator<TarEntry, void> {
  let left = BODILESS_TYPES.has(type) ? 0 : size;
  const isFolder = name.endsWith('/');
  yield {
    name: name.slice(0, MAX_NAME_LETTERS),
    isFile: FILE_TYPES.has(type) && !isFolder,
    size,
    head: () => bytes.peek(Math.min(left, BLOCK_BYTES)),
    read: async () => {
      const body = await bytes.take(left);
      if (body.length < left) throw early();
      left = 0;
      return body;
    },
  };
  if (BODILESS_TYPES.has(type)) return;
  const rest = left + paddingOf(size);
  if ((await bytes.skip(rest)) < rest) throw early();
}

async function extension(bytes: ByteReader, { size }: Header): Promise<Buffer> {
  if (size > MAX_EXTENSION_BYTES) throw new Error(`a header claims attributes of ${size} bytes`);
  const body = await bytes.take(size);
  const padding = paddingOf(size);
  if (body.length < size || (await bytes.skip(padding)) < padding) throw early();
  return body;
}

function paddingOf(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

function headerOf(block: Buffer): Header {
  if (block.length < BLOCK_BYTES) throw early();
  if (checksumOf(block) !== octal(block, 148, 8)) {
    throw new Error('a header does not have the checksum that it claims');
  }
  const isPosix = block.toString('latin1', 257, TAR_MAGIC_END + 1) === 'ustar\0';
  const folder = isPosix ? textOf(block.subarray(345, 500)) : '';
  const name = textOf(block.subarray(0, 100));
  return {
    name: folder === '' ? name : `${folder}/${name}`,
    type: block.toString('latin1', 156, 157),
    size: sizeOf(block),
  };
}

/** The sum of all bytes, its own field counted as spaces. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (const [i, byte] of block.entries()) if (i < 148 || i >= 156) sum += byte;
  return sum;
}

/** Octal digits; GNU writes what is too large for them in binary. */
function sizeOf(block: Buffer): number {
  if (block[124] !== 0x80) return octal(block, 124, 12);
  let size = 0;
  for (const byte of block.subarray(125, 136)) size = size * 256 + byte;
  return checkedSize(size);
}

function octal(block: Buffer, start: number, length: number): number {
  const digits = textOf(block.subarray(start, start + length)).trim();
  if (/^[0-7]*$/.test(digits)) return digits === '' ? 0 : Number.parseInt(digits, 8);
  throw new Error('a header has no number where one must be');
}

function checkedSize(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new Error('a header claims more bytes than can be counted');
}

/** Records of `<length> <key>=<value>\n`, the length of all of it. */
function extensionOf(bytes: Buffer): Extension {
  const found: { name?: string; size?: number } = {};
  for (let start = 0; start < bytes.length;) {
    const [, digits = ''] = /^(\d{1,8}) /.exec(bytes.toString('latin1', start, start + 9)) ?? [];
    const end = start + Number(digits);
    if (end < start + digits.length + 2 || end > bytes.length) throw new Error('the attributes of a file are damaged');
    const text = bytes.toString('utf8', start + digits.length + 1, end - 1);
    if (text.startsWith('path=')) found.name = text.slice(5);
    if (text.startsWith('size=')) found.size = checkedSize(Number(text.slice(5)));
    start = end;
  }
  return found;
}

/** Text up to the first zero. */
function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}

function early(): Error {
  return new Error('its last entry is not whole');
}
