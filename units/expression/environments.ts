import { Environment, ParseError, type ParseResult } from '@marcbachmann/cel-js';
import { ExpressionProblem } from './problem.js';
import type { FieldTypes, SurveyFields } from './survey-fields.js';

/** More than a person writes. */
const LIMITS = { maxAstNodes: 400, maxDepth: 24, maxListElements: 1000, maxCallArguments: 8 };
/** Enough for what becomes of an expression within `LIMITS`, where records and brackets are added. */
const WIDER_LIMITS = { ...LIMITS, maxAstNodes: 4 * LIMITS.maxAstNodes, maxDepth: 8 * LIMITS.maxDepth };

/** What a function or a division cannot give a number for. */
export class NoValue extends Error {
  override readonly name = 'NoValue';
}

/** Reads what a person has written; knows no names. */
export function readingEnvironment(): Environment {
  return new Environment({ limits: LIMITS });
}

/** Knows fields and their types: finds what can never work. */
export function checkingEnvironment({ candidate, history }: SurveyFields): Environment {
  return withOperators(new Environment({ limits: WIDER_LIMITS }))
    .registerType('Candidate', { fields: typesOf(candidate) })
    .registerType('Point', { fields: typesOf(history) })
    .registerVariable('candidate', 'Candidate')
    .registerVariable('history', 'list<Point>')
    .registerVariable('objectId', 'string');
}

/** Evaluates records as they are, without a conversion; half as dear as with types. */
export function evaluatingEnvironment(): Environment {
  return withOperators(new Environment({ limits: WIDER_LIMITS }))
    .registerVariable('candidate', 'dyn')
    .registerVariable('history', 'list<dyn>')
    .registerVariable('objectId', 'string');
}

/** Evaluates over records by these names. */
export function recordsEnvironment(names: readonly string[]): Environment {
  const environment = withOperators(new Environment({ limits: WIDER_LIMITS }));
  for (const name of names) environment.registerVariable(name, 'dyn');
  return environment;
}

/** Parses, with what is wrong at the place that `placeOf` makes of the place in the text. Throws `ExpressionProblem`. */
export function parseIn(environment: Environment, text: string, placeOf: (start: number) => number): ParseResult {
  try {
    return environment.parse(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new ExpressionProblem(error.summary, placeOf(error.range?.start ?? 0));
  }
}

function typesOf({ numbers, text, flags }: FieldTypes): Record<string, string> {
  const of = (names: readonly string[], type: string): [string, string][] => names.map((name) => [name, type]);
  return Object.fromEntries([...of(numbers, 'double'), ...of(text, 'string'), ...of(flags, 'bool')]);
}

/** CEL has integers apart from other numbers; to a scientist they are numbers. `size()` gives an integer. */
function withOperators(environment: Environment): Environment {
  const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
  };
  for (const [operator, compute] of Object.entries(arithmetic)) {
    const handler = (a: number | bigint, b: number | bigint): number => compute(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int`, handler).registerOperator(`int ${operator} double`, handler);
  }
  environment.registerOperator('double == int', (a: number, b: bigint) => a === Number(b));
  const number = (name: string, compute: (a: number) => number): void => {
    environment.registerFunction(`${name}(double): double`, (a: number) => real(compute(a), name));
    environment.registerFunction(`${name}(int): double`, (a: bigint) => real(compute(Number(a)), name));
  };
  number('abs', Math.abs);
  number('sqrt', Math.sqrt);
  number('log10', Math.log10);
  // Only zero is no divisor: a quotient that overflowed divides as it compares.
  environment.registerFunction('nonZero(double): double', (a: number) => divisor(a));
  environment.registerFunction('nonZero(int): double', (a: bigint) => divisor(Number(a)));
  for (const [name, compute] of [
    ['min', Math.min],
    ['max', Math.max],
  ] as const) {
    environment.registerFunction(`${name}(double, double): double`, (a: number, b: number) => compute(a, b));
  }
  return environment;
}

function real(value: number, name: string): number {
  if (Number.isFinite(value)) return value;
  throw new NoValue(`${name} of a number that has none`);
}

function divisor(value: number): number {
  if (value !== 0) return value;
  throw new NoValue('a division by zero');
}
