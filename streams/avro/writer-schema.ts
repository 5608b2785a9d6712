import avsc from 'avsc';
import { allowItems, BoundedArray } from './bounded-array.js';
import { schemaWeight } from './schema-weight.js';
import { Unreadable } from './unreadable.js';

/** Names of the fields to decode: a nested record by a nested selection, `true` for all of a field. */
export interface Selection {
  readonly [field: string]: true | Selection;
}

/**
 * A decoder of one record from `buffer` at `offset`; `offset` of the answer is the first byte after it, or -1 where the
 * record goes on beyond the end. Throws `Unreadable` where the bytes are no such record.
 */
export type RecordDecoder = (buffer: Buffer, offset: number) => { readonly value: unknown; readonly offset: number };

/** A writer schema, parsed and repaired once. */
export interface WriterSchema {
  /** As it was written. */
  readonly json: string;
  /** Fields whose default had to be dropped because it does not fit the first branch of its union. */
  readonly repaired: readonly string[];
  /** Names of the fields of the root record. */
  readonly rootFields: readonly string[];
  /** Full name of the root record, for messages. */
  readonly rootName: string;
  /** Names of the types that a field of the record under a root field can have: `long`, `null`, … */
  fieldTypes(part: string): ReadonlyMap<string, readonly string[]>;
  /** Builds a decoder for some of the fields; the others are skipped, not decoded. */
  decoder(selection: Selection): RecordDecoder;
}

interface SchemaField {
  readonly name: string;
  readonly type: SchemaNode;
}

type SchemaNode = string | SchemaNode[] | Readonly<Record<string, unknown>>;

/** LSST's schemas with all their texts have 0.2 MB. */
const MAX_SCHEMA_BYTES = 1024 * 1024;
/** What one record may be in memory, as a number of values: 0.2 GB. A record of ZTF has a few thousand. */
const MAX_VALUES = 16_000_000;

/** 64-bit integers as decimal strings: candids exceed 2^53. One instance serves all types (avsc resolves by identity). */
const longAsString = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE().toString(),
  toBuffer: (value: string) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: (value: unknown) => String(value),
  toJSON: (value: string) => value,
  isValid: (value: unknown) => typeof value === 'string' && /^-?\d+$/.test(value),
  compare: (a: string, b: string) => (BigInt(a) < BigInt(b) ? -1 : Number(a !== b)),
});

/** Parses the JSON of a writer schema. Throws `Unreadable` with a short text where it is no usable schema. */
export function parseWriterSchema(json: string): WriterSchema {
  const repaired: string[] = [];
  const node = parseJson(json);
  const mostItems = Math.floor(MAX_VALUES / schemaWeight(node));
  const root = repair(node, repaired);
  const writer = build(root);
  return {
    json,
    repaired,
    ...rootOf(root),
    fieldTypes: (part) =>
      new Map(
        fieldsOf(root)
          .filter(({ name }) => name === part)
          .flatMap(({ type }) => fieldsOf(type))
          .map(({ name, type }) => [name, typeNames(type)]),
      ),
    decoder(selection) {
      const reader = build(select(root, selection));
      const resolver = resolve(reader, writer);
      return (buffer, offset) => {
        allowItems(mostItems);
        try {
          return reader.decode(buffer, offset, resolver);
        } catch (error) {
          throw new Unreadable('corrupt', `the record cannot be decoded: ${short(error)}`);
        }
      };
    },
  };
}

function parseJson(json: string): SchemaNode {
  if (json.length > MAX_SCHEMA_BYTES)
    throw new Unreadable('schema', `the schema has ${json.length} bytes, at most ${MAX_SCHEMA_BYTES}`);
  let node: unknown;
  try {
    node = JSON.parse(json);
  } catch (error) {
    throw new Unreadable('schema', `the schema is not JSON: ${short(error)}`);
  }
  if (isNode(node)) return node;
  throw new Unreadable('schema', `the schema is ${String(node)}, expected a type`);
}

function rootOf(root: SchemaNode): { rootFields: string[]; rootName: string } {
  const rootFields = fieldsOf(root).map(({ name }) => name);
  if (typeof root === 'string' || Array.isArray(root))
    return { rootFields, rootName: JSON.stringify(root).slice(0, 80) };
  return {
    rootFields,
    rootName: [root['namespace'], root['name']].filter((part) => typeof part === 'string').join('.'),
  };
}

/** Fields of the first record inside a type: through unions and arrays. */
function fieldsOf(node: SchemaNode): readonly SchemaField[] {
  if (typeof node === 'string') return [];
  if (Array.isArray(node)) return node.map(fieldsOf).find((fields) => fields.length > 0) ?? [];
  if (Array.isArray(node['fields'])) return node['fields'] as SchemaField[];
  return (
    [node['items'], node['type']]
      .filter(isNode)
      .map(fieldsOf)
      .find((fields) => fields.length > 0) ?? []
  );
}

function typeNames(node: SchemaNode): string[] {
  if (typeof node === 'string') return [node];
  if (Array.isArray(node)) return node.flatMap(typeNames);
  return isNode(node['type']) ? typeNames(node['type']) : [];
}

function build(schema: SchemaNode): avsc.Type {
  try {
    // avsc writes into the registry it is given, so each type gets its own.
    return avsc.Type.forSchema(schema as avsc.Schema, {
      // Without what every object has: a type may be named `toString`.
      registry: Object.assign(Object.create(null) as Record<string, avsc.Type>, { long: longAsString }),
      typeHook: (node, options) => {
        // avsc believes the count of a damaged map, and no survey has any.
        if (isNodeOf('map', node)) throw new Error('it has a map, which no alert schema has');
        return isNodeOf('array', node) ? new BoundedArray(node, options) : undefined;
      },
      omitRecordMethods: true,
    });
  } catch (error) {
    throw new Unreadable('schema', `the schema is not valid Avro: ${short(error)}`);
  }
}

function resolve(reader: avsc.Type, writer: avsc.Type): ReturnType<avsc.Type['createResolver']> {
  try {
    return reader.createResolver(writer);
  } catch (error) {
    throw new Unreadable('schema', `records of the schema cannot be read: ${short(error)}`);
  }
}

/**
 * Drops defaults that Avro forbids: a union's default must fit its first branch, but ZTF writes `["float","null"]` with
 * default null and `["null","int"]` with default 0. The order of the branches is the wire format and stays. Drops aliases
 * too: they are for readers with another schema, and can contradict each other.
 */
function repair(node: SchemaNode, repaired: string[]): SchemaNode {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map((branch) => repair(branch, repaired));
  const copy: Record<string, unknown> = { ...node };
  delete copy['aliases'];
  if (Array.isArray(node['type']) && 'default' in node && (node['default'] === null) !== (node['type'][0] === 'null')) {
    delete copy['default'];
    repaired.push(String(node['name']));
  }
  for (const key of ['type', 'items', 'values'] as const) {
    if (isNode(node[key])) copy[key] = repair(node[key], repaired);
  }
  if (Array.isArray(node['fields']))
    copy['fields'] = node['fields'].map((field: SchemaNode) => repair(field, repaired));
  return copy;
}

/** The schema reduced to the selected fields of its records, through unions and arrays. */
function select(node: SchemaNode, selection: Selection): SchemaNode {
  if (typeof node === 'string') return node;
  if (Array.isArray(node)) return node.map((branch) => select(branch, selection));
  if (Array.isArray(node['fields'])) {
    const fields = node['fields'] as {
      readonly name: string;
      readonly type: SchemaNode;
    }[];
    return {
      ...node,
      fields: fields.flatMap((field) => {
        const wanted = selection[field.name];
        if (wanted === undefined) return [];
        return [wanted === true ? field : { ...field, type: select(field.type, wanted) }];
      }),
    };
  }
  if (isNode(node['items'])) return { ...node, items: select(node['items'], selection) };
  if (isNode(node['type']) && typeof node['type'] !== 'string')
    return { ...node, type: select(node['type'], selection) };
  return node;
}

function isNodeOf(type: 'array' | 'map', node: avsc.Schema): boolean {
  return typeof node === 'object' && !Array.isArray(node) && 'type' in node && node.type === type;
}

function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'string' || (typeof value === 'object' && value !== null);
}

/** avsc quotes whole schemas in its messages. */
function short(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
