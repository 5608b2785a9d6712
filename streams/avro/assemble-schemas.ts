/** A file with one Avro record. */
export interface SchemaFile {
  /** Path inside the folder or archive, for the version and for messages. */
  readonly path: string;
  readonly text: string;
}

/** A record with all that it refers to, in one JSON. */
export interface AssembledSchema {
  /** Full name, such as `lsst.v7_3.alert`. */
  readonly name: string;
  /** MAJOR * 100 + MINOR of the folders that the file is in; undefined elsewhere. */
  readonly id: number | undefined;
  readonly json: string;
}

/** The record of each version that the others are parts of. */
const ROOT = 'alert';
const VERSION_FOLDERS = /(?:^|\/)(\d{1,4})\/(\d{1,2})\/[^/]+$/;

interface NamedRecord {
  readonly name: string;
  readonly path: string;
  readonly node: Readonly<Record<string, unknown>>;
}

/** Puts alert schemas together whose parts are files of their own. Throws an Error that names the file. */
export function assembleSchemas(files: readonly SchemaFile[]): AssembledSchema[] {
  const records = new Map<string, NamedRecord>();
  for (const file of files) {
    const record = parseFile(file);
    const other = records.get(record.name);
    if (other !== undefined) throw new Error(`${other.path} and ${file.path} both define ${record.name}`);
    records.set(record.name, record);
  }
  const roots = [...records.values()].filter(({ node }) => node['name'] === ROOT);
  return roots.map((root) => ({
    name: root.name,
    id: versionOf(root.path),
    json: JSON.stringify(new Assembly(records).include(root)),
  }));
}

function parseFile({ path, text }: SchemaFile): NamedRecord {
  let node: unknown;
  try {
    node = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON`, { cause: error });
  }
  if (isObject(node) && node['type'] === 'record' && typeof node['name'] === 'string') {
    return { name: fullName(node['name'], node['namespace']), path, node };
  }
  throw new Error(`${path} is no Avro record with a name`);
}

function versionOf(path: string): number | undefined {
  const [, major, minor] = VERSION_FOLDERS.exec(path) ?? [];
  return major === undefined ? undefined : Number(major) * 100 + Number(minor);
}

function fullName(name: string, namespace: unknown): string {
  return typeof namespace === 'string' && !name.includes('.') ? `${namespace}.${name}` : name;
}

/** One schema in the making: a record is written out where it is first named, and named after that, as Avro demands. */
class Assembly {
  private readonly written = new Set<string>();

  constructor(private readonly records: ReadonlyMap<string, NamedRecord>) {}

  include({ name, path, node }: NamedRecord): unknown {
    this.written.add(name);
    if (!Array.isArray(node['fields'])) throw new Error(`${path} defines a record without fields`);
    return this.typed(node, name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  }

  /** A record, a field, or another part that has its type under `type`, `items` or `values`. */
  private typed(node: unknown, namespace: string): unknown {
    if (!isObject(node)) return node;
    const copy: Record<string, unknown> = { ...node };
    for (const key of ['type', 'items', 'values']) if (key in node) copy[key] = this.type(node[key], namespace);
    const fields: unknown = node['fields'];
    if (Array.isArray(fields)) copy['fields'] = fields.map((field: unknown) => this.typed(field, namespace));
    return copy;
  }

  private type(node: unknown, namespace: string): unknown {
    if (Array.isArray(node)) return node.map((branch: unknown) => this.type(branch, namespace));
    if (typeof node !== 'string') return this.typed(node, namespace);
    const name = this.records.has(node) ? node : fullName(node, namespace);
    const record = this.records.get(name);
    if (record === undefined) return node;
    return this.written.has(name) ? name : this.include(record);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
