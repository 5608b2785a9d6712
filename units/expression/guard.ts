import type { ASTNode } from '@marcbachmann/cel-js';
import { nearestName } from '../../model/nearest-name.js';
import { ExpressionProblem } from './problem.js';
import { partsOf } from './source-range.js';
import type { FieldTypes, SurveyFields } from './survey-fields.js';

/** What an expression reads, and what has to be added to its text before its types are checked. */
export interface Inspected {
  readonly candidate: readonly string[];
  readonly history: readonly string[];
  readonly insertions: readonly Insertion[];
}

/** Text that goes before the character `at`. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Functions over values, and what stands behind a dot. */
export const FUNCTIONS = ['has', 'size', 'abs', 'sqrt', 'log10', 'min', 'max'];
const METHODS = ['size', 'startsWith', 'endsWith', 'contains'];
const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'];
/** What these give is a list again. */
const LIST_MACROS = ['filter', 'map'];
const OPERATORS = ['==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '&&', '||', '?:', '!_', '-_'];
const MAX_LIST = 1000;

/**
 * Reads an expression's tree: refuses what is not part of the language (regular expressions, loops inside loops, lists that
 * could grow) and fields that the survey does not have, so that what is left costs at most its size times the number of
 * earlier points. Throws `ExpressionProblem`.
 */
export function inspect(ast: ASTNode, fields: SurveyFields): Inspected {
  const guard = new Guard(fields);
  guard.value(ast);
  return {
    candidate: [...guard.candidate].sort(),
    history: [...guard.history].sort(),
    insertions: guard.insertions.toSorted((a, b) => a.at - b.at),
  };
}

class Guard {
  readonly candidate = new Set<string>();
  readonly history = new Set<string>();
  readonly insertions: Insertion[] = [];
  /** The variable of the loop that is looked at: an earlier point, or a value that `map` made of one. */
  private variable: { readonly name: string; readonly isPoint: boolean } | undefined;

  constructor(private readonly fields: SurveyFields) {}

  /** A part that stands for one value. */
  value(node: ASTNode): void {
    switch (node.op) {
      case 'value':
        this.literal(node);
        return;
      case 'id':
        this.name(node.args, node.start);
        return;
      case '.':
        this.field(node.args);
        return;
      case 'call':
        this.call(node.args, node);
        return;
      case 'rcall':
        this.method(node.args, node);
        return;
      case 'in':
        this.membership(node.args);
        return;
      case '[]':
        this.element(node.args);
        return;
      default:
        this.operator(node);
    }
  }

  private operator(node: ASTNode): void {
    if (!OPERATORS.includes(node.op)) throw refused(node, `found ${shown(node)}, which has no place in a filter`);
    for (const part of partsOf(node)) this.value(part);
  }

  private literal(node: ASTNode): void {
    const { args: value } = node;
    if (value === null) throw refused(node, 'found null, expected has(…): a field that is null is not there');
    if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return;
    if (typeof value === 'bigint' && /^\d+$/.test(textOf(node))) {
      // Numbers of alerts are doubles.
      this.insertions.push({ at: node.end, text: '.0' });
      return;
    }
    throw refused(node, `found ${textOf(node)}, expected a number, text, true or false`);
  }

  private name(name: string, start: number): void {
    const isVariable = name === this.variable?.name;
    if (name === 'objectId' || (isVariable && this.variable?.isPoint === false)) return;
    if (name === 'candidate' || isVariable) {
      throw new ExpressionProblem(`found ${name}, expected one of its fields, such as ${name}.magpsf`, start);
    }
    if (name === 'history') {
      const uses = [...MACROS, 'size'].map((use) => `.${use}(…)`).join(', ');
      throw new ExpressionProblem(`found history, expected a use of it: ${uses}, history[0].jd`, start);
    }
    const others = ['candidate', 'history', 'objectId', ...(this.variable === undefined ? [] : [this.variable.name])];
    this.known(name, 'candidate', start, others);
    this.insertions.push({ at: start, text: 'candidate.' });
  }

  private field([record, field]: readonly [ASTNode, string]): void {
    const isPoint = record.op === 'id' ? record.args === this.variable?.name && this.variable.isPoint : false;
    if (record.op === 'id' && record.args === 'candidate') {
      this.known(field, 'candidate', record.end + 1);
      return;
    }
    if (isPoint) {
      this.known(field, 'history', record.end + 1);
      return;
    }
    if (record.op === '[]') {
      this.element(record.args);
      this.known(field, 'history', record.end + 1);
      return;
    }
    this.value(record);
    throw refused(record, `found .${field} behind ${shown(record)}, which has no fields`);
  }

  /** `others` are what could be meant as well. */
  private known(field: string, part: 'candidate' | 'history', start: number, others: readonly string[] = []): void {
    const known = namesOf(this.fields[part]);
    if (!known.includes(field)) {
      const whose = part === 'candidate' ? 'the candidate' : 'an earlier point';
      const hint = advice(field, [...known, ...others]) || ', see "ampel inspect --json" for what alerts have';
      throw new ExpressionProblem(`${whose} has no field ${field}${hint}`, start);
    }
    this[part].add(field);
  }

  private call([name, args]: readonly [string, readonly ASTNode[]], node: ASTNode): void {
    if (!FUNCTIONS.includes(name)) throw refused(node, `found ${name}(…)${adviceOf(name, FUNCTIONS)}`);
    const [first] = args;
    if (name === 'has') {
      const isName = first?.op === 'id' && first.args !== 'objectId' && first.args !== this.variable?.name;
      if (!isName && first?.op !== '.') throw refused(node, 'found has of something else, expected a field: has(drb)');
      this.value(first);
    } else if (name === 'size' && first !== undefined) this.listOrValue(first);
    else for (const arg of args) this.value(arg);
  }

  private method([name, receiver, args]: readonly [string, ASTNode, readonly ASTNode[]], node: ASTNode): void {
    if (MACROS.includes(name)) {
      if (LIST_MACROS.includes(name))
        throw refused(
          node,
          `found a list, expected a value: ${textOf(node)}.size(), or ${[...MACROS].slice(0, 2).join(', ')}`,
        );
      this.loop(receiver, args, node);
      return;
    }
    if (!METHODS.includes(name)) throw refused(node, `found .${name}(…)${adviceOf(name, [...METHODS, ...MACROS])}`);
    if (name === 'size') this.listOrValue(receiver);
    else this.value(receiver);
    for (const arg of args) this.value(arg);
  }

  private listOrValue(node: ASTNode): void {
    if (this.isList(node)) this.list(node);
    else this.value(node);
  }

  private isList(node: ASTNode): boolean {
    return (node.op === 'id' && node.args === 'history') || (node.op === 'rcall' && LIST_MACROS.includes(node.args[0]));
  }

  /** `history`, or what `filter` and `map` make of it. True where it holds points. */
  private list(node: ASTNode): boolean {
    if (node.op === 'id' && node.args === 'history') return true;
    if (node.op === 'rcall' && LIST_MACROS.includes(node.args[0])) {
      const [name, receiver, args] = node.args;
      return this.loop(receiver, args, node) && name === 'filter';
    }
    throw refused(node, `found ${shown(node)}, expected history: only its points can be gone through`);
  }

  /** True where the list holds points. */
  private loop(receiver: ASTNode, args: readonly ASTNode[], node: ASTNode): boolean {
    if (this.variable !== undefined) {
      throw refused(
        node,
        'found a loop over history inside another one, which can take seconds, expected one at a time',
      );
    }
    const isPoint = this.list(receiver);
    const [variable, ...bodies] = args;
    if (variable?.op !== 'id')
      throw refused(node, 'expected the name of a point first: history.exists(p, p.magpsf < 18)');
    if (['candidate', 'history', 'objectId', ...namesOf(this.fields.candidate)].includes(variable.args)) {
      throw refused(
        variable,
        `found ${variable.args} as the name of a point, which has a meaning, expected one such as p`,
      );
    }
    this.variable = { name: variable.args, isPoint };
    for (const body of bodies) this.value(body);
    this.variable = undefined;
    return isPoint;
  }

  private membership([value, list]: readonly [ASTNode, ASTNode]): void {
    this.value(value);
    if (list.op !== 'list') throw refused(list, `found ${shown(list)} behind "in", expected a list such as [1, 2]`);
    if (list.args.length > MAX_LIST) {
      throw refused(list, `found ${list.args.length} values, expected ${MAX_LIST} at most: see WatchlistFilter`);
    }
    for (const one of list.args) {
      if (one.op !== 'value' && one.op !== '-_')
        throw refused(one, `found ${shown(one)} in a list, expected constants`);
      this.value(one);
    }
  }

  /** `history[0]`. */
  private element([list, index]: readonly [ASTNode, ASTNode]): void {
    if (!this.isList(list)) throw refused(list, `found ${shown(list)} before [, expected history`);
    this.list(list);
    if (index.op !== 'value' || typeof index.args !== 'bigint') {
      throw refused(
        index,
        `found [${shown(index)}], expected a number: history[0] is the first point of the packet's history`,
      );
    }
  }
}

function namesOf({ numbers, text, flags }: FieldTypes): readonly string[] {
  return [...numbers, ...text, ...flags];
}

function refused(node: ASTNode, message: string): ExpressionProblem {
  return new ExpressionProblem(message, node.start);
}

function textOf({ input, start, end }: ASTNode): string {
  return input.slice(start, end);
}

const SHOWN_LETTERS = 40;

function shown(node: ASTNode): string {
  const text = textOf(node);
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
}

function advice(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function adviceOf(name: string, known: readonly string[]): string {
  if (name === 'matches') return ', expected startsWith, endsWith or contains: a regular expression can take seconds';
  return advice(name, known) || `, expected one of ${known.join(', ')}`;
}
