import { Query } from 'mingo';
import type { Json } from '../../model/canonical-json.js';
import { nearestName } from '../../model/nearest-name.js';
import type { SelectedObject } from '../../model/population.js';

/** A query of a channel file that says something else than is possible. */
export class QueryProblem extends Error {
  override readonly name = 'QueryProblem';
}

/** What an object is asked for. */
const FIELDS = {
  objectId: true,
  stock: true,
  position: true,
  firstAcceptedJd: true,
  lastDetection: true,
  detections: true,
  upperLimits: true,
  results: true,
} as const satisfies Readonly<Record<keyof SelectedObject, true>>;

/** No patterns, which can take for ever, and no code. */
const OPERATORS = [
  '$eq',
  '$ne',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$in',
  '$nin',
  '$exists',
  '$not',
  '$elemMatch',
  '$size',
  '$all',
];
const LOGICAL = ['$and', '$or', '$nor'];
const MAX_LETTERS = 10_000;

/** A query in MongoDB's language (see its manual, "Query Predicates") over what a run knows of an object. Throws `QueryProblem`. */
export function selectionQuery(query: Readonly<Record<string, Json>>): (object: SelectedObject) => boolean {
  if (JSON.stringify(query).length > MAX_LETTERS) throw new QueryProblem(`expected ${MAX_LETTERS} letters at most`);
  inspect(query);
  try {
    const compiled = new Query({ ...query }, { scriptEnabled: false, useStrictMode: false });
    // Some operands are looked at only where an object is.
    compiled.test(NOTHING);
    return (object) => compiled.test({ ...object });
  } catch (error) {
    throw new QueryProblem(error instanceof Error ? error.message : String(error));
  }
}

const NOTHING = { objectId: '', stock: '', position: { ra: 0, dec: 0 }, results: {} };

function inspect(query: Readonly<Record<string, Json>>): void {
  for (const [key, value] of Object.entries(query)) {
    if (LOGICAL.includes(key)) {
      if (!isList(value) || value.length === 0) throw new QueryProblem(`${key}: expected a list of queries`);
      for (const one of value) inspect(recordOf(key, one));
    } else if (key.startsWith('$')) {
      throw new QueryProblem(unknown(key, LOGICAL));
    } else {
      const [field = ''] = key.split('.');
      if (!Object.hasOwn(FIELDS, field)) throw new QueryProblem(unknown(field, Object.keys(FIELDS)));
      inspectOperators(key, value);
    }
  }
}

/** `{ $gt: 3, $lt: 5 }`; what is no operator is a value that is meant as it is. */
function inspectOperators(key: string, value: Json): void {
  if (!isRecord(value)) return;
  for (const [name, operand] of Object.entries(value)) {
    if (!name.startsWith('$')) continue;
    if (!OPERATORS.includes(name)) throw new QueryProblem(`${key}: ${unknown(name, OPERATORS)}`);
    if (['$in', '$nin', '$all'].includes(name) && !isList(operand))
      throw new QueryProblem(`${key}.${name}: expected a list`);
    if (name === '$not' || name === '$elemMatch') inspectOperators(key, recordOf(`${key}.${name}`, operand));
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function recordOf(place: string, value: Json): Readonly<Record<string, Json>> {
  if (isRecord(value)) return value;
  throw new QueryProblem(`${place}: expected a mapping`);
}

function isRecord(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

function unknown(name: string, names: readonly string[]): string {
  const meant = nearestName(name, names);
  return `found ${name}, expected one of ${names.join(', ')}${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`;
}
