import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { CONTAINER_MAGIC } from '../avro/object-container.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { Unreadable } from '../avro/unreadable.js';
import type { BadPacket, Packet } from '../packet.js';
import { containerItems, type ContainerItem } from './container-packets.js';
import { unzip } from './unzip.js';

/** An alert has 0.1 MB; what is larger than this is no container of alerts that fits a tar's entry. */
const MAX_ENTRY_BYTES = 256 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
/** A gzip may grow a thousandfold, and what one read gives is in memory as a whole. */
const READ_GZIP_BYTES = 64 * 1024;
/** POSIX tar has "ustar" before this byte. */
const TAR_MAGIC_END = 262;

/** The alerts under these paths (file, folder, `.tar`, `.tar.gz`), in order of names; decided by content, not by name. */
export async function* readArchive(paths: readonly string[], fromOrdinal = 0): AsyncGenerator<Packet | BadPacket> {
  const schemas = new SchemaCache();
  let ordinal = 0;
  for await (const { name, content } of containers(paths)) {
    let record = 0;
    const items: Iterable<ContainerItem> =
      content instanceof Unreadable ? [{ problem: content, bytes: Buffer.alloc(0) }] : containerItems(content, schemas);
    for (const item of items) {
      const place = record === 0 ? name : `${name}#${record}`;
      if (ordinal >= fromOrdinal) yield { ordinal, place, ...item };
      ordinal++;
      record++;
    }
  }
}

interface NamedContent {
  readonly name: string;
  readonly content: Buffer | Unreadable;
}

async function* containers(paths: readonly string[]): AsyncGenerator<NamedContent> {
  for (const path of paths) {
    const isFolder = (await stat(path)).isDirectory();
    for (const file of isFolder ? await filesUnder(path) : [path]) yield* fileContents(file, !isFolder);
  }
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

async function* fileContents(path: string, named: boolean): AsyncGenerator<NamedContent> {
  const magic = await firstBytes(path);
  const isArchive = isGzip(magic) || isTar(magic);
  if (!isArchive && !isContainer(magic) && !named && !path.endsWith('.avro')) return;
  const file = createReadStream(path, { highWaterMark: isGzip(magic) ? READ_GZIP_BYTES : READ_BYTES });
  try {
    if (isGzip(magic)) yield* gzipContents(path, file, named);
    else if (isTar(magic)) yield* tarContents(path, file);
    else yield await contentOf(path, file);
  } finally {
    // Whoever stops in the middle leaves no file open.
    file.destroy();
  }
}

async function* gzipContents(path: string, file: Readable, named: boolean): AsyncGenerator<NamedContent> {
  const unzipped = unzip(file);
  let head: Buffer;
  try {
    head = await take(unzipped, TAR_MAGIC_END);
  } catch (error) {
    yield { name: path, content: damaged('gzip', error) };
    return;
  }
  const whole = chain(head, unzipped);
  if (isTar(head)) yield* tarContents(path, whole);
  else if (isContainer(head) || named || path.includes('.avro')) yield await contentOf(path, whole);
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

async function* tarContents(path: string, archive: AsyncIterable<unknown>): AsyncGenerator<NamedContent> {
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
      const isAlert = content instanceof Unreadable || isContainer(content) || name.endsWith('.avro');
      if (isAlert) yield { name, content };
    }
  } catch (error) {
    failure ??= error;
  } finally {
    source.destroy();
  }
  // Damage inside an entry ends the tar as well: one loss, told once.
  if (failure !== undefined && !isTold) yield { name: path, content: damaged('tar', failure) };
}

async function contentOf(name: string, bytes: AsyncIterable<unknown>): Promise<NamedContent> {
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

function isContainer(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(CONTAINER_MAGIC);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isTar(bytes: Buffer): boolean {
  return bytes.toString('latin1', TAR_MAGIC_END - 5, TAR_MAGIC_END) === 'ustar';
}
