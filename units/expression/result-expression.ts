import type { ASTNode } from '@marcbachmann/cel-js';
import type { Json } from '../../model/canonical-json.js';
import { STATE_FACTS, type StateFacts } from '../../model/state-facts.js';
import { parseIn, readingEnvironment, recordsEnvironment } from './environments.js';
import { evaluatedText } from './evaluated-text.js';
import { ExpressionProblem } from './problem.js';
import { inspectResults, pathOf, type ResultPath, type ResultShapes } from './result-guard.js';
import { partsOf, writtenText } from './source-range.js';

/** What an expression over results is judged on. */
export interface KnownResults {
  /** Bodies by unit. */
  readonly results: Readonly<Record<string, Json>>;
  readonly state: StateFacts;
}

/** Whether it holds; where it does not, the condition that is not met, with the values that it read. */
export type Holding = { readonly holds: true } | { readonly holds: false; readonly because: string };

/** An expression over the results of a state. */
export interface ResultExpression {
  /** Units whose results it reads: it has an answer once all of them have given one. */
  readonly units: readonly string[];
  readonly holds: (known: KnownResults) => Holding;
}

/** More than anybody reads. */
const MAX_LETTERS = 2_000;
const STATE = 'state';

/**
 * Compiles an expression in CEL over what T2 units give (`T2BazinFit.tau_fall < 30`) and over `state` (see `STATE_FACTS`). What
 * is null, absent or NaN makes no condition true. `shapes` are of the channel's units; without, any unit and key will do.
 * Throws `ExpressionProblem`.
 */
export function compileResultExpression(
  text: string,
  shapes: ResultShapes,
  words: readonly string[] = [],
): ResultExpression {
  if (text.length > MAX_LETTERS) {
    throw new ExpressionProblem(`found ${text.length} letters, expected ${MAX_LETTERS} at most`, MAX_LETTERS);
  }
  const { ast } = parseIn(readingEnvironment(), text, (start) => start);
  const paths = inspectResults(ast, new Map([...shapes, [STATE, STATE_SHAPE]]), words);
  if (paths.length === 0) throw new ExpressionProblem('reads no result, expected one such as T2BazinFit.tau_fall', 0);
  const units = [...new Set(paths.map(([unit]) => unit))].filter((unit) => unit !== STATE).sort();
  const environment = recordsEnvironment([...units, STATE]);
  const conditions = conjunctsOf(ast).map((node) => {
    const evaluate = parseIn(environment, evaluatedText(node, new Set()), () => node.start);
    return { evaluate, text: writtenText(node, ast), paths: pathsIn(node) };
  });
  return {
    units,
    holds: ({ results, state }) => {
      const known = present({ ...results, [STATE]: state }, paths);
      const failing = conditions.find(({ evaluate }) => !isTrue(evaluate, known));
      if (failing === undefined) return { holds: true };
      const values = failing.paths.map((path) => `${path.join('.')} ${shown(valueAt(known, path))}`);
      return { holds: false, because: `${failing.text} does not hold: ${[...new Set(values)].join(', ')}` };
    },
  };
}

const STATE_SHAPE = {
  type: 'object',
  properties: Object.fromEntries(Object.keys(STATE_FACTS).map((name) => [name, { type: 'number' }])),
};

/** What has no value is not true. */
function isTrue(evaluate: (context: Known) => unknown, known: Known): boolean {
  try {
    return evaluate(known) === true;
  } catch {
    return false;
  }
}

type Known = Readonly<Record<string, unknown>>;
type Growing = Record<string, unknown>;

/** Of what is known that which is read and has a value; a unit's record is always there, so that `has` can be asked. */
function present(known: Readonly<Record<string, Json>>, paths: readonly ResultPath[]): Known {
  const found: Growing = {};
  for (const path of paths) {
    const value = valueAt(known, path);
    let record = found;
    for (const key of path.slice(0, -1)) record = recordIn(record, key);
    const last = path.at(-1) ?? '';
    if (value !== undefined && value !== null && !Number.isNaN(value) && record[last] === undefined)
      record[last] = value;
  }
  return found;
}

function recordIn(record: Growing, key: string): Growing {
  const inside = record[key];
  if (isRecord(inside)) return inside;
  const made: Growing = {};
  record[key] = made;
  return made;
}

function valueAt(known: unknown, path: ResultPath): unknown {
  let value = known;
  for (const key of path) value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

function isRecord(value: unknown): value is Growing {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SHOWN_LETTERS = 40;

function shown(value: unknown): string {
  if (value === undefined) return 'is not there';
  const text = JSON.stringify(value);
  return `is ${text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text}`;
}

function pathsIn(node: ASTNode): ResultPath[] {
  const isPath = node.op === 'id' || node.op === '.' || node.op === '[]';
  const path = isPath ? pathOf(node) : undefined;
  return path === undefined ? partsOf(node).flatMap(pathsIn) : [path];
}

function conjunctsOf(node: ASTNode): ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjunctsOf) : [node];
}
