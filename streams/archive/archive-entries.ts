import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { Unreadable } from '../avro/unreadable.js';
import { download, isAddress } from './download.js';
import { unzip } from './unzip.js';

/** An alert has 0.1 MB; what is larger than this is no container of alerts that fits a tar's entry. */
const MAX_ENTRY_BYTES = 256 * 1024 * 1024;
/** Each read costs a round through several streams: four times as large, tars are read 1.6 times as fast. */
const READ_BYTES = 4 * 1024 * 1024;
/** A gzip may grow a thousandfold, and what one read gives is in memory as a whole. */
const READ_GZIP_BYTES = 64 * 1024;
/** POSIX tar has "ustar" before this byte. */
const TAR_MAGIC_END = 262;

/** An entry of an archive, or a file, with its bytes or why there are none. */
export interface ArchiveEntry {
  readonly name: string;
  readonly content: Buffer | Unreadable;
}

/** True where an entry is a packet, by its first bytes or its name. */
type IsPacket = (head: Buffer, name: string) => boolean;

/** What is inside files, folders and addresses, in order of names; of folders and tars only what `isPacket` knows. */
export async function* archiveEntries(paths: readonly string[], isPacket: IsPacket): AsyncGenerator<ArchiveEntry> {
  for (const path of paths) {
    if (isAddress(path)) {
      yield* contents(path, await download(path), { isPacket, isNamed: true });
      continue;
    }
    const isFolder = (await stat(path)).isDirectory();
    for (const file of isFolder ? await filesUnder(path) : [path]) {
      yield* fileContents(file, { isPacket, isNamed: !isFolder });
    }
  }
}

interface Wanted {
  readonly isPacket: IsPacket;
  /** Asked for by name: read, whatever it is. */
  readonly isNamed: boolean;
}

/** Files below a folder, sorted by path, so that positions mean the same on every run. Links to files count as files. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = await Promise.all(
    entries.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() || (entry.isSymbolicLink() && (await stat(path)).isFile()) ? [path] : [];
    }),
  );
  return files.flat().sort();
}

async function* fileContents(path: string, wanted: Wanted): AsyncGenerator<ArchiveEntry> {
  const magic = await firstBytes(path);
  // A file of a folder that is no packet is not read at all.
  if (!wanted.isNamed && !isGzip(magic) && !isTar(magic) && !wanted.isPacket(magic, path)) return;
  const file = createReadStream(path, { highWaterMark: isGzip(magic) ? READ_GZIP_BYTES : READ_BYTES });
  yield* contents(path, file, wanted);
}

async function* contents(path: string, source: Readable, wanted: Wanted): AsyncGenerator<ArchiveEntry> {
  try {
    const chunks = chunksOf(source);
    const head = await take(chunks, TAR_MAGIC_END);
    const bytes = chain(head, chunks);
    if (isGzip(head)) yield* gzipContents(path, bytes, wanted);
    else if (isTar(head)) yield* tarContents(path, bytes, wanted);
    else yield await contentOf(path, bytes);
  } finally {
    // Whoever stops in the middle leaves no file open.
    source.destroy();
  }
}

async function* gzipContents(
  path: string,
  zipped: AsyncIterable<Buffer>,
  wanted: Wanted,
): AsyncGenerator<ArchiveEntry> {
  const unzipped = unzip(Readable.from(zipped, { objectMode: false }));
  let head: Buffer;
  try {
    head = await take(unzipped, TAR_MAGIC_END);
  } catch (error) {
    yield { name: path, content: damaged('gzip', error) };
    return;
  }
  const whole = chain(head, unzipped);
  const name = path.replace(/\.gz$/, '');
  if (isTar(head)) yield* tarContents(path, whole, wanted);
  else if (wanted.isNamed || wanted.isPacket(head, name)) yield await contentOf(path, whole);
}

async function* chunksOf(source: Readable): AsyncGenerator<Buffer, void> {
  for await (const chunk of source) yield bufferOf(chunk);
}

/** At least `length` bytes from the start, fewer where there are no more. */
async function take(chunks: AsyncIterator<Buffer, void>, length: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < length) {
    const { value } = await chunks.next();
    if (value === undefined) break;
    head = Buffer.concat([head, value]);
  }
  return head;
}

async function* chain(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

async function* tarContents(
  path: string,
  archive: AsyncIterable<unknown>,
  { isPacket }: Wanted,
): AsyncGenerator<ArchiveEntry> {
  const entries = extract();
  let failure: unknown;
  // The tar ends where its source fails: an error passed on would overtake entries that are whole.
  const wholePart = async function* (): AsyncGenerator {
    try {
      yield* archive;
    } catch (error) {
      failure = error;
    }
  };
  const source = Readable.from(wholePart(), { objectMode: false });
  source.pipe(entries);
  let isTold = false;
  try {
    for await (const entry of entries) {
      const { name: entryName, type, size } = entry.header;
      const name = `${path}/${entryName}`;
      if (type !== 'file' || size > MAX_ENTRY_BYTES) {
        entry.resume();
        if (type === 'file') yield { name, content: tooLarge() };
        continue;
      }
      const { content } = await contentOf(name, entry);
      isTold = content instanceof Unreadable;
      if (content instanceof Unreadable || isPacket(content, name)) yield { name, content };
    }
  } catch (error) {
    failure ??= error;
  } finally {
    source.destroy();
  }
  // Damage inside an entry ends the tar as well: one loss, told once.
  if (failure !== undefined && !isTold) yield { name: path, content: damaged('tar', failure) };
}

async function contentOf(name: string, bytes: AsyncIterable<unknown>): Promise<ArchiveEntry> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of bytes) {
      const buffer = bufferOf(chunk);
      length += buffer.length;
      if (length > MAX_ENTRY_BYTES) return { name, content: tooLarge() };
      chunks.push(buffer);
    }
  } catch (error) {
    return { name, content: damaged('file', error) };
  }
  return { name, content: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks) };
}

function bufferOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError('a stream of bytes gave something else');
}

function tooLarge(): Unreadable {
  return new Unreadable('corrupt', `larger than ${MAX_ENTRY_BYTES} bytes, which no container of alerts is`);
}

function damaged(what: string, error: unknown): Unreadable {
  return new Unreadable(
    'corrupt',
    `the ${what} is damaged or ends too early: ${error instanceof Error ? error.message : String(error)}`,
  );
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(TAR_MAGIC_END), 0, TAR_MAGIC_END, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', TAR_MAGIC_END - 5, TAR_MAGIC_END) === 'ustar';
}
