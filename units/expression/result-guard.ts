import type { ASTNode } from '@marcbachmann/cel-js';
import { nearestName } from '../../model/nearest-name.js';
import { FUNCTIONS } from './guard.js';
import { ExpressionProblem } from './problem.js';
import { keysUnder, type ResultShape } from './result-fields.js';
import { partsOf } from './source-range.js';

/** Where a value stands: a unit, or `state`, and the keys under it. */
export type ResultPath = readonly [string, ...string[]];

/** By name of a unit, and `state`: what can be read there. */
export type ResultShapes = ReadonlyMap<string, ResultShape>;

const METHODS = ['size', 'startsWith', 'endsWith', 'contains'];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '&&', '||', '?:', '!_', '-_', 'in', 'list'];

/**
 * Reads the tree of an expression over results: refuses what is not part of the language, so that what is left costs no more
 * than its size, and what the units of the channel do not give. Answers what it reads. Throws `ExpressionProblem`.
 * `words` are what may be meant as well where a single name is written.
 */
export function inspectResults(ast: ASTNode, shapes: ResultShapes, words: readonly string[]): readonly ResultPath[] {
  const guard = new ResultGuard(shapes, words);
  guard.value(ast);
  return guard.paths;
}

class ResultGuard {
  readonly paths: ResultPath[] = [];

  constructor(
    private readonly shapes: ResultShapes,
    private readonly words: readonly string[],
  ) {}

  value(node: ASTNode): void {
    switch (node.op) {
      case 'value':
        if (node.args === null) throw refused(node, 'found null, expected has(…): what is null is not there');
        return;
      case 'id':
      case '.':
      case '[]':
        this.read(node);
        return;
      case 'call':
        this.call(node.args, node);
        return;
      case 'rcall': {
        const [name, receiver, args] = node.args;
        if (!METHODS.includes(name)) throw refused(node, `found .${name}(…), expected one of ${METHODS.join(', ')}`);
        for (const part of [receiver, ...args]) this.value(part);
        return;
      }
      default:
        if (!OPERATORS.includes(node.op)) throw refused(node, `found ${textOf(node)}, which has no place in a rule`);
        for (const part of partsOf(node)) this.value(part);
    }
  }

  private call([name, args]: readonly [string, readonly ASTNode[]], node: ASTNode): void {
    if (!FUNCTIONS.includes(name)) {
      throw refused(node, `found ${name}(…)${meantBy(name, FUNCTIONS) || `, expected one of ${FUNCTIONS.join(', ')}`}`);
    }
    const [first] = args;
    if (name === 'has' && first?.op !== '.') {
      throw refused(node, 'found has of something else, expected what a unit may give: has(T2BazinFit.tau_fall)');
    }
    for (const arg of args) this.value(arg);
  }

  private read(node: ASTNode): void {
    const path = pathOf(node);
    if (path === undefined) throw refused(node, `found ${textOf(node)}, expected a unit and keys: T2BazinFit.tau_fall`);
    const [name, ...keys] = path;
    if (!this.shapes.has(name)) {
      const known = [...this.shapes.keys()];
      const hint = meantBy(name, [...this.words, ...known]) || ` (there are ${known.join(', ')})`;
      throw new ExpressionProblem(`found ${name}, expected a T2 unit of this channel, or state${hint}`, node.start);
    }
    if (keys.length === 0)
      throw refused(node, `found ${name} alone, expected what it gives, such as ${this.example(name)}`);
    for (const [depth, key] of keys.entries()) this.key(node, path, depth, key);
    this.paths.push(path);
  }

  private key(node: ASTNode, [name, ...keys]: ResultPath, depth: number, key: string): void {
    const level = keysUnder(this.shapes.get(name), keys.slice(0, depth));
    const before = [name, ...keys.slice(0, depth)].join('.');
    if (level === undefined) throw refused(node, `${before} has nothing under it, found .${key}`);
    if (level.isOpen || level.known.includes(key)) return;
    const hint = meantBy(key, level.known) || `, expected one of ${level.known.join(', ')}`;
    throw refused(node, `${before} has no ${key}${hint}`);
  }

  private example(name: string): string {
    return `${name}.${keysUnder(this.shapes.get(name), [])?.known[0] ?? 'key'}`;
  }
}

/** `T2Colour.mag["g-r"]`; undefined for what is no such path. */
export function pathOf(node: ASTNode): ResultPath | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op === '.') {
    const before = pathOf(node.args[0]);
    return before && [...before, node.args[1]];
  }
  if (node.op !== '[]') return undefined;
  const [record, key] = node.args;
  const before = pathOf(record);
  return before && key.op === 'value' && typeof key.args === 'string' ? [...before, key.args] : undefined;
}

function refused(node: ASTNode, message: string): ExpressionProblem {
  return new ExpressionProblem(message, node.start);
}

const SHOWN_LETTERS = 40;

function textOf({ input, start, end }: ASTNode): string {
  const text = input.slice(start, end);
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
}

function meantBy(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}
