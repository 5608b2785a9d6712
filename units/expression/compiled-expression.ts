import { EvaluationError, type ASTNode } from '@marcbachmann/cel-js';
import type { FilterInput } from '../../model/alert.js';
import type { Fields, FieldValue } from '../../model/datapoint.js';
import type { Rejection, Verdict } from '../../model/decision.js';
import type { FilterReads } from '../define.js';
import { checkTypes } from './check-types.js';
import { cutOf, type Cut } from './cut.js';
import { evaluatingEnvironment, parseIn, readingEnvironment } from './environments.js';
import { evaluatedText } from './evaluated-text.js';
import { inspect } from './guard.js';
import { ExpressionProblem } from './problem.js';
import { partsOf, writtenText } from './source-range.js';
import { sureReads } from './sure-reads.js';
import type { SurveyFields } from './survey-fields.js';

/** An expression that is ready for alerts of one survey. */
export interface CompiledExpression {
  readonly reads: FilterReads;
  readonly judge: (input: FilterInput) => Verdict;
}

/** More than anybody reads. */
const MAX_LETTERS = 2_000;

/**
 * Compiles an expression in CEL over the candidate's fields, `history` and `objectId`. True accepts. A conjunct (what `&&`
 * joins at the top) that is not true rejects: for `reason`, or for `null` where it reads a field that is null, absent or NaN,
 * whatever stands around it. Throws `ExpressionProblem` where it is no expression, could be slow, or can never work.
 */
export function compileExpression(text: string, fields: SurveyFields, reason: string): CompiledExpression {
  if (text.length > MAX_LETTERS) {
    throw new ExpressionProblem(`found ${text.length} letters, expected ${MAX_LETTERS} at most`, MAX_LETTERS);
  }
  const { ast } = parseIn(readingEnvironment(), text, (start) => start);
  const { candidate, history, insertions } = inspect(ast, fields);
  checkTypes(text, insertions, fields);
  const environment = evaluatingEnvironment();
  const known = new Set(candidate);
  const conjuncts = conjunctsOf(ast).map((node) => {
    const evaluate = parseIn(environment, evaluatedText(node, known), () => node.start);
    return new Conjunct(evaluate, node, ast, known, reason);
  });
  return {
    reads: { candidate, history },
    judge: ({ candidate: record, history: points, objectId }) => {
      let context: Context = { objectId, candidate: present(record, candidate), history: NO_POINTS };
      for (const conjunct of conjuncts) {
        if (conjunct.usesHistory && context.history === NO_POINTS) {
          context = { ...context, history: points.map((point) => present(point, history)) };
        }
        const rejection = conjunct.rejection(context);
        if (rejection !== undefined) return rejection;
      }
      return { accepted: true };
    },
  };
}

const NO_POINTS: readonly Fields[] = [];

interface Context {
  readonly objectId: string;
  readonly candidate: Fields;
  readonly history: readonly Fields[];
}

/** One of the conditions that `&&` joins. */
class Conjunct {
  readonly usesHistory: boolean;
  private readonly text: string;
  private readonly cut: Cut | undefined;
  /** Fields without which there is no value. To look is far cheaper than the error that evaluating would end with. */
  private readonly sure: readonly string[];

  constructor(
    private readonly evaluate: (context: Context) => unknown,
    node: ASTNode,
    whole: ASTNode,
    fields: ReadonlySet<string>,
    private readonly reason: string,
  ) {
    this.usesHistory = mentionsHistory(node);
    this.text = writtenText(node, whole);
    this.cut = cutOf(node, fields);
    this.sure = [...new Set(sureReads(node, fields))];
  }

  rejection(context: Context): Rejection | undefined {
    for (const field of this.sure) {
      if (context.candidate[field] === undefined) return { accepted: false, reason: 'null', field };
    }
    try {
      if (this.evaluate(context) === true) return undefined;
    } catch (error) {
      return this.withoutValue(error);
    }
    const { reason, text, cut } = this;
    const value = cut === undefined ? undefined : context.candidate[cut.field];
    if (cut === undefined || value === undefined) return { accepted: false, reason, field: text };
    return { accepted: false, reason, value, ...cut };
  }

  private withoutValue(error: unknown): Rejection {
    if (!(error instanceof EvaluationError)) return { accepted: false, reason: 'error', field: this.text };
    const { code, node } = error;
    if (code !== 'no_such_key' || node?.op !== '.') return { accepted: false, reason: 'error', field: this.text };
    return { accepted: false, reason: 'null', field: node.args[1] };
  }
}

function conjunctsOf(node: ASTNode): ASTNode[] {
  return node.op === '&&' ? node.args.flatMap(conjunctsOf) : [node];
}

function mentionsHistory(node: ASTNode): boolean {
  return (node.op === 'id' && node.args === 'history') || partsOf(node).some(mentionsHistory);
}

/**
 * Without what is null or NaN: a use of it is an error then, and never accepts. A plain object, as the language knows no
 * records of a class, which decoded ones are.
 */
function present(record: Fields, names: readonly string[]): Fields {
  const found: Record<string, FieldValue> = {};
  for (const name of names) {
    const value = record[name];
    if (isPresent(value)) found[name] = value;
  }
  return found;
}

function isPresent(value: FieldValue | undefined): value is Exclude<FieldValue, null> {
  return value !== undefined && value !== null && !Number.isNaN(value);
}
