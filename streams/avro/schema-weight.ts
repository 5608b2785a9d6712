import { Unreadable } from './unreadable.js';

/** Surveys nest theirs a dozen levels deep: record, field, union, list, record, field, union. */
const MAX_DEPTH = 64;
/** A field that may be null has two. */
const MAX_BRANCHES = 16;
const MAX_NAME_LETTERS = 200;
/** LSST's largest has 900, ZTF's 200. */
const MAX_WEIGHT = 20_000;

/**
 * How many values a record of this schema has, each array counted with one item. Throws `Unreadable` where the schema is what no
 * alert has, and what would cost minutes or gigabytes, or end the program: types inside themselves, hundreds of branches,
 * a thousand levels, types that are none, a few that name each other until there are millions.
 */
export function schemaWeight(root: unknown): number {
  const weight = new Scale().weigh(root, { namespace: '', depth: 0 });
  if (weight > MAX_WEIGHT) throw refused(`has more than ${MAX_WEIGHT} values in a record`);
  return Math.max(1, weight);
}

interface Place {
  readonly namespace: string;
  readonly depth: number;
}

class Scale {
  /** By full name; undefined while the type itself is being weighed. */
  private readonly named = new Map<string, number | undefined>();

  /** A type, or a field with its type. */
  weigh(node: unknown, { namespace, depth }: Place): number {
    if (depth > MAX_DEPTH) throw refused(`is nested more than ${MAX_DEPTH} levels deep`);
    if (typeof node === 'string') return this.reference(node, namespace);
    if (Array.isArray(node)) {
      if (node.length > MAX_BRANCHES) throw refused(`has a union of ${node.length} types, at most ${MAX_BRANCHES}`);
      return Math.max(0, ...node.map((branch: unknown) => this.weigh(branch, { namespace, depth: depth + 1 })));
    }
    if (!isObject(node)) throw refused(`has ${String(node)} where a type is expected`);
    const name = fullName(textOf(node['name']), textOf(node['namespace']) || namespace);
    if (!isDefinition(node)) return 1 + this.parts(node, { namespace, depth });
    this.named.set(name, undefined);
    const weight = 1 + this.parts(node, { namespace: name.slice(0, Math.max(0, name.lastIndexOf('.'))), depth });
    this.named.set(name, weight);
    return weight;
  }

  private parts(node: Readonly<Record<string, unknown>>, { namespace, depth }: Place): number {
    const fields: readonly unknown[] = Array.isArray(node['fields']) ? node['fields'] : [];
    const types = [node['type'], node['items'], node['values']].filter((type) => type !== undefined);
    let weight = 0;
    for (const part of [...types, ...fields]) weight += this.weigh(part, { namespace, depth: depth + 1 });
    // Beyond this the exact number does not matter, and doubles would overflow.
    return Math.min(weight, 2 * MAX_WEIGHT);
  }

  private reference(name: string, namespace: string): number {
    const full = [fullName(name, namespace), name].find((one) => this.named.has(one));
    if (full === undefined) return 0;
    const weight = this.named.get(full);
    if (weight === undefined) throw refused(`has the type ${name.slice(0, MAX_NAME_LETTERS)} inside itself`);
    return weight;
  }
}

/** A record, an enumeration or bytes of fixed length: later types can name it. */
function isDefinition({ type, name }: Readonly<Record<string, unknown>>): boolean {
  return typeof name === 'string' && ['record', 'error', 'enum', 'fixed'].includes(String(type));
}

function textOf(name: unknown): string {
  if (typeof name !== 'string') return '';
  if (name.length <= MAX_NAME_LETTERS) return name;
  throw refused(`has a name of ${name.length} letters, at most ${MAX_NAME_LETTERS}`);
}

function fullName(name: string, namespace: string): string {
  return namespace === '' || name.includes('.') ? name : `${namespace}.${name}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(what: string): Unreadable {
  return new Unreadable('schema', `the schema ${what}, which no alert's does`);
}
