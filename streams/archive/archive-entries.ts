import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Unreadable } from '../avro/unreadable.js';
import { ByteReader } from './byte-reader.js';
import { download, isAddress } from './download.js';
import { reasonOf, SourceFailure, sourceBytes } from './source-failure.js';
import { TAR_MAGIC_END, tarFiles } from './tar-entries.js';
import { unzip } from './unzip.js';

/** An alert has 0.1 MB; what is larger than this is no container of alerts that fits a tar's entry. */
const MAX_ENTRY_BYTES = 256 * 1024 * 1024;
/** Each read costs a round through several streams: four times as large, tars are read 1.6 times as fast. */
const READ_BYTES = 4 * 1024 * 1024;

/** An entry of an archive, or a file, with its bytes or why there are none. */
export interface ArchiveEntry {
  readonly name: string;
  readonly content: Buffer | Unreadable;
}

/** True where an entry is a packet, by its first bytes or its name. */
type IsPacket = (head: Buffer, name: string) => boolean;

/** Entries that could be had without waiting between them. */
export type ArchiveEntries = readonly ArchiveEntry[];

/**
 * What is inside files, folders and addresses, in order of names; of folders and tars only what `isPacket` knows. Damage is told
 * once, in its place, and what stands before it is given. Throws where a file or an address cannot be had, and
 * `SourceFailure` where it breaks off.
 */
export async function* archiveEntries(paths: readonly string[], isPacket: IsPacket): AsyncGenerator<ArchiveEntries> {
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

async function* fileContents(path: string, wanted: Wanted): AsyncGenerator<ArchiveEntries> {
  const magic = await firstBytes(path);
  // A file of a folder that is no packet is not read at all.
  if (!wanted.isNamed && !isGzip(magic) && !isTar(magic) && !wanted.isPacket(magic, path)) return;
  yield* contents(path, createReadStream(path, { highWaterMark: READ_BYTES }), wanted);
}

async function* contents(path: string, source: AsyncIterable<unknown>, wanted: Wanted): AsyncGenerator<ArchiveEntries> {
  const bytes = new ByteReader(sourceBytes(path, source));
  try {
    await bytes.fill(TAR_MAGIC_END);
    const head = bytes.peek(TAR_MAGIC_END);
    if (isGzip(head)) yield* gzipContents(path, bytes, wanted);
    else if (isTar(head)) yield* tarContents(path, bytes, wanted);
    else yield [await wholeOf(path, bytes)];
  } finally {
    // Whoever stops in the middle leaves no file open.
    await bytes.close();
  }
}

async function* gzipContents(path: string, zipped: ByteReader, wanted: Wanted): AsyncGenerator<ArchiveEntries> {
  const bytes = new ByteReader(unzip(zipped.rest()));
  try {
    await bytes.fill(TAR_MAGIC_END);
    const head = bytes.peek(TAR_MAGIC_END);
    const name = path.replace(/\.gz$/, '');
    if (isTar(head)) yield* tarContents(path, bytes, wanted);
    else if (wanted.isNamed || wanted.isPacket(head, name)) yield [await wholeOf(path, bytes)];
  } catch (error) {
    yield [{ name: path, content: damaged('gzip', error) }];
  } finally {
    await bytes.close();
  }
}

async function* tarContents(path: string, bytes: ByteReader, { isPacket }: Wanted): AsyncGenerator<ArchiveEntries> {
  const wanted = { isWanted: (head: Buffer, name: string) => isPacket(head, name), mostBytes: MAX_ENTRY_BYTES };
  let place = path;
  let isTold = false;
  let found: ArchiveEntry[] = [];
  try {
    for (const step of tarFiles(bytes, wanted)) {
      if ('until' in step) {
        if (found.length > 0) yield found;
        found = [];
        if (step.inside !== undefined) place = `${path}/${step.inside}`;
        await step.until;
      } else {
        found.push({ name: `${path}/${step.name}`, content: step.content ?? tooLarge() });
        isTold = step.content === undefined;
        place = path;
      }
    }
  } catch (error) {
    const content = damaged('tar', error);
    // One that is too large is where many tars end: one loss, told once.
    if (!isTold) found.push({ name: place, content });
  }
  if (found.length > 0) yield found;
}

async function wholeOf(name: string, bytes: ByteReader): Promise<ArchiveEntry> {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of bytes.rest()) {
      length += piece.length;
      if (length > MAX_ENTRY_BYTES) return { name, content: tooLarge() };
      pieces.push(piece);
    }
    return { name, content: pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces) };
  } catch (error) {
    return { name, content: damaged('file', error) };
  }
}

function tooLarge(): Unreadable {
  return new Unreadable('corrupt', `larger than ${MAX_ENTRY_BYTES} bytes, which no container of alerts is`);
}

function damaged(what: string, error: unknown): Unreadable {
  if (error instanceof SourceFailure) throw error;
  return new Unreadable('corrupt', `the ${what} is damaged or ends too early: ${reasonOf(error)}`);
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
