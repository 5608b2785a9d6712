import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import { assembleSchemas, type SchemaFile } from './assemble-schemas.js';
import { unknownSchema, type SchemaSource } from './schema-source.js';
import { Unreadable } from './unreadable.js';
import { parseWriterSchema, type WriterSchema } from './writer-schema.js';

/** A schema file has 0.1 MB; what is larger, or more of them, is something else than a folder of schemas. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 2_000;
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/** Alert schemas that lie on this machine, compiled when they are first asked for. */
export class LocalSchemas implements SchemaSource {
  private readonly compiled = new Map<string, WriterSchema>();

  constructor(
    private readonly jsonByName: ReadonlyMap<string, string>,
    private readonly nameById: ReadonlyMap<number, string>,
  ) {}

  /** Numbers that a message can name, ascending. */
  get ids(): number[] {
    return [...this.nameById.keys()].sort((a, b) => a - b);
  }

  /** Full names of the alert schemas, such as `lsst.v7_3.alert`. */
  get names(): string[] {
    return [...this.jsonByName.keys()];
  }

  schema(id: number): WriterSchema {
    const name = this.nameById.get(id);
    if (name === undefined) throw unknownSchema(id, this.nameById.keys());
    return this.named(name);
  }

  /** The schema of this full name, for streams that do not number theirs. Throws `Unreadable`. */
  named(name: string): WriterSchema {
    let schema = this.compiled.get(name);
    if (schema !== undefined) return schema;
    const json = this.jsonByName.get(name);
    if (json === undefined) throw new Unreadable('schema', `unknown schema ${name}, known ${this.names.join(', ')}`);
    this.compiled.set(name, (schema = parseWriterSchema(json)));
    return schema;
  }
}

/**
 * Alert schemas of a folder or `.tar.gz` of `.avsc` files, one record a file, that refer to each other by name. In folders
 * MAJOR/MINOR, as LSST publishes them, a schema has the number MAJOR * 100 + MINOR. Throws an Error that says which file is
 * wrong.
 */
export async function readLocalSchemas(path: string): Promise<LocalSchemas> {
  const files = (await stat(path)).isDirectory() ? await filesOfFolder(path) : await filesOfTar(path);
  if (files.length === 0) throw new Error(`there are no schemas (.avsc) in ${path}`);
  const jsonByName = new Map<string, string>();
  const nameById = new Map<number, string>();
  for (const { name, id, json } of assembleSchemas(files)) {
    jsonByName.set(name, json);
    if (id === undefined) continue;
    const other = nameById.get(id);
    if (other !== undefined) throw new Error(`${other} and ${name} in ${path} have the same schema id ${id}`);
    nameById.set(id, name);
  }
  return new LocalSchemas(jsonByName, nameById);
}

async function filesOfFolder(folder: string): Promise<SchemaFile[]> {
  const names = (await readdir(folder, { recursive: true })).filter(isSchema).sort();
  requireCount(names.length, folder);
  return Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      requireSize((await stat(file)).size, file);
      return { path: name, text: await readFile(file, 'utf8') };
    }),
  );
}

async function filesOfTar(path: string): Promise<SchemaFile[]> {
  const files: SchemaFile[] = [];
  const entries = extract();
  const collect = async (): Promise<void> => {
    for await (const entry of entries) {
      const { name, type, size } = entry.header;
      if (type !== 'file' || !isSchema(name)) {
        entry.resume();
        continue;
      }
      requireSize(size, `${path}/${name}`);
      requireCount(files.length, path);
      files.push({ path: name, text: await textOf(entry) });
    }
  };
  const source = (await isGzip(path)) ? [createReadStream(path), createGunzip()] : [createReadStream(path)];
  try {
    await Promise.all([pipeline([...source, entries]), collect()]);
  } catch (error) {
    throw new Error(`${path} is no tar of schemas: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return files;
}

async function textOf(entry: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function isGzip(path: string): Promise<boolean> {
  for await (const chunk of createReadStream(path, { end: GZIP_MAGIC.length - 1 })) {
    if (Buffer.isBuffer(chunk)) return chunk.equals(GZIP_MAGIC);
  }
  return false;
}

function isSchema(name: string): boolean {
  return name.endsWith('.avsc');
}

function requireSize(bytes: number, file: string): void {
  if (bytes > MAX_FILE_BYTES) throw new Error(`${file} has ${bytes} bytes, which no schema has`);
}

function requireCount(count: number, path: string): void {
  if (count > MAX_FILES) throw new Error(`there are more than ${MAX_FILES} schemas in ${path}`);
}
