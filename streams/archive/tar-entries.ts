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

/** A file of a tar. */
export interface TarFile {
  readonly name: string;
  /** `undefined` where there are more than were asked for. */
  readonly content: Buffer | undefined;
}

/** More bytes have to be read before it goes on. */
export interface TarWait {
  /** The file that they belong to, where it is one that is wanted. */
  readonly inside?: string;
  readonly until: Promise<void>;
}

/** Which files are worth having. */
export interface WantedFiles {
  /** By the first bytes, at most a block, and the name. */
  isWanted(head: Buffer, name: string): boolean;
  /** Of a larger one there is only the name. */
  readonly mostBytes: number;
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
 * The files of a tar that are wanted, in order, and what has to be waited for between them: no promise where all bytes are
 * held, as one for each of millions of alerts costs as much as decoding it. What is not wanted is passed over. Nothing is
 * ever written, and a link is not followed. Throws where the tar is damaged or ends too early. Format: POSIX.1-2001 pax,
 * and GNU's long names and sizes.
 */
export function* tarFiles(bytes: ByteReader, wanted: WantedFiles): Generator<TarFile | TarWait, void> {
  let ofAll: Extension = {};
  let ofNext: Extension = {};
  for (;;) {
    yield* held(bytes, BLOCK_BYTES);
    const block = bytes.take(BLOCK_BYTES);
    // Two empty blocks are the end; what is glued behind them is read as well.
    if (isEmpty(block)) {
      if (block.length < BLOCK_BYTES) return;
      continue;
    }
    const header = headerOf(block);
    if (header.type === 'g') ofAll = { ...ofAll, ...extensionOf(yield* extension(bytes, header)) };
    else if (header.type === 'x') ofNext = { ...ofNext, ...extensionOf(yield* extension(bytes, header)) };
    else if (header.type === 'L') ofNext = { ...ofNext, name: textOf(yield* extension(bytes, header)) };
    else if (header.type === 'K') yield* extension(bytes, header);
    else {
      yield* fileOf(bytes, { ...header, ...ofAll, ...ofNext }, wanted);
      ofNext = {};
    }
  }
}

function* fileOf(bytes: ByteReader, header: Header, wanted: WantedFiles): Generator<TarFile | TarWait, void> {
  const { type, size } = header;
  if (BODILESS_TYPES.has(type)) return;
  let left = size;
  const name = header.name.slice(0, MAX_NAME_LETTERS);
  if (FILE_TYPES.has(type) && !header.name.endsWith('/')) {
    const headBytes = Math.min(size, BLOCK_BYTES);
    yield* held(bytes, headBytes);
    if (wanted.isWanted(bytes.peek(headBytes), name)) {
      if (size > wanted.mostBytes) yield { name, content: undefined };
      else {
        yield* held(bytes, size, name);
        const content = bytes.take(size);
        if (content.length < size) throw early();
        left = 0;
        yield { name, content };
      }
    }
  }
  yield* passOver(bytes, left + paddingOf(size));
}

function* extension(bytes: ByteReader, { size }: Header): Generator<TarWait, Buffer> {
  if (size > MAX_EXTENSION_BYTES) throw new Error(`a header claims attributes of ${size} bytes`);
  yield* held(bytes, size);
  const body = bytes.take(size);
  if (body.length < size) throw early();
  yield* passOver(bytes, paddingOf(size));
  return body;
}

/** Has `length` bytes held, or all that there are. */
function* held(bytes: ByteReader, length: number, inside?: string): Generator<TarWait, void> {
  if (bytes.held >= length) return;
  yield { until: bytes.fill(length), ...(inside !== undefined && { inside }) };
}

function* passOver(bytes: ByteReader, length: number): Generator<TarWait, void> {
  let left = length - bytes.take(Math.min(length, bytes.held)).length;
  while (left > 0) {
    yield* held(bytes, 1);
    if (bytes.held === 0) throw early();
    left -= bytes.take(Math.min(left, bytes.held)).length;
  }
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

function isEmpty(block: Buffer): boolean {
  return (block[0] === 0 && block.every((byte) => byte === 0)) || block.length === 0;
}

/** The sum of all bytes, its own field counted as spaces. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let i = 0; i < 148; i++) sum += block[i] ?? 0;
  for (let i = 156; i < BLOCK_BYTES; i++) sum += block[i] ?? 0;
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
