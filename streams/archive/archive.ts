import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { CONTAINER_MAGIC } from '../avro/object-container.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { Unreadable } from '../avro/unreadable.js';
import type { BadPacket, Packet } from '../packet.js';
import { containerItems, type ContainerItem } from './container-packets.js';

/** An alert has 0.1 MB; what is larger than this is no container of alerts that fits a tar's entry. */
const MAX_ENTRY_BYTES = 256 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

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

/** Files below a folder, sorted by path, so that positions mean the same on every run. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function* fileContents(path: string, named: boolean): AsyncGenerator<NamedContent> {
  const magic = await firstBytes(path);
  const plain = (): Readable => createReadStream(path, { highWaterMark: READ_BYTES });
  if (isContainer(magic)) yield await contentOf(path, plain());
  else if (isGzip(magic)) yield* gzipContents(path, plain(), named);
  else if (isTar(magic)) yield* tarContents(path, plain());
  else if (named || path.endsWith('.avro')) yield await contentOf(path, plain());
}

async function* gzipContents(path: string, file: Readable, named: boolean): AsyncGenerator<NamedContent> {
  const unzipped = file.pipe(createGunzip());
  file.on('error', (error) => unzipped.destroy(error));
  const peeked = new PassThrough({ highWaterMark: READ_BYTES });
  let inner: Buffer;
  try {
    inner = await peek(unzipped, peeked);
  } catch (error) {
    yield { name: path, content: damaged('gzip', error) };
    return;
  }
  if (isTar(inner)) yield* tarContents(path, peeked);
  else if (isContainer(inner) || named || path.includes('.avro')) yield await contentOf(path, peeked);
}

async function* tarContents(path: string, archive: Readable): AsyncGenerator<NamedContent> {
  const entries = extract();
  archive.on('error', (error: Error) => {
    entries.destroy(error);
  });
  archive.pipe(entries);
  try {
    for await (const entry of entries) {
      const name = `${path}/${entry.header.name}`;
      if (entry.header.type !== 'file') {
        entry.resume();
        continue;
      }
      const { content } = await contentOf(name, entry);
      const isAlert = content instanceof Unreadable || isContainer(content) || name.endsWith('.avro');
      if (isAlert) yield { name, content };
    }
  } catch (error) {
    yield { name: path, content: damaged('tar', error) };
  }
}

async function contentOf(name: string, bytes: AsyncIterable<unknown>): Promise<NamedContent> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of bytes) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a stream of bytes gave something else');
      length += chunk.length;
      if (length > MAX_ENTRY_BYTES)
        return { name, content: new Unreadable('corrupt', `larger than ${MAX_ENTRY_BYTES} bytes`) };
      chunks.push(chunk);
    }
  } catch (error) {
    return { name, content: damaged('file', error) };
  }
  return { name, content: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks) };
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
    const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The first 512 bytes of `from`, all of which goes on to `to`. */
function peek(from: Readable, to: PassThrough): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    from.on('error', (error) => {
      reject(error);
      to.destroy(error);
    });
    to.once('readable', () => {
      const head = (to.read() ?? Buffer.alloc(0)) as Buffer;
      to.unshift(head);
      resolve(head);
    });
    from.pipe(to);
  });
}

function isContainer(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(CONTAINER_MAGIC);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** POSIX tar has its magic at byte 257. */
function isTar(bytes: Buffer): boolean {
  return bytes.length >= 262 && bytes.toString('latin1', 257, 262) === 'ustar';
}
