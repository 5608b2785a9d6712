import fc from 'fast-check';
import type { Fields, FieldValue } from '../../model/datapoint.js';
import { compileExpression } from './compiled-expression.js';
import { ExpressionProblem } from './problem.js';
import { SURVEY_FIELDS } from './survey-fields.js';

/** An alert as the expressions here see it. */
interface Seen {
  readonly candidate: Fields;
  readonly history: readonly Fields[];
  /** The point of the loop. */
  readonly point: Fields;
}

/** Text in CEL, and what it means to this test; undefined where it needs what is not there. */
interface Part<Value> {
  readonly text: string;
  readonly value: (seen: Seen) => Value | undefined;
}
type Condition = Part<boolean>;

const NAMES = ['rb', 'magpsf', 'fid', 'drb'];
const OPERATORS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  ...{ '<': (a, b) => a < b, '<=': (a, b) => a <= b, '>': (a, b) => a > b, '>=': (a, b) => a >= b },
  ...{ '==': (a, b) => a === b, '!=': (a, b) => a !== b },
};
const ARITHMETIC: Readonly<Record<string, (a: number, b: number) => number | undefined>> = {
  ...{ '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b },
  '/': (a, b) => (b === 0 ? undefined : a / b),
};

function numberOf(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
}

function both<A, B, C>(a: A | undefined, b: B | undefined, of: (a: A, b: B) => C): C | undefined {
  return a === undefined || b === undefined ? undefined : of(a, b);
}

/** One true side is enough; else what is not there hides the answer. */
function either(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(true)) return true;
  return values.includes(undefined) ? undefined : false;
}

function opposite(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

const constant: fc.Arbitrary<Part<number>> = fc
  .oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -20, max: 20, noNaN: true }))
  .map((value) => ({ text: String(value), value: () => value }));

/** Of candidates by their plain names, or of the point of a loop. */
function conditions(isPoint: boolean): fc.Arbitrary<Condition> {
  const prefix = isPoint ? 'p.' : '';
  const recordOf = ({ candidate, point }: Seen): Fields => (isPoint ? point : candidate);
  const { condition } = fc.letrec<{ number: Part<number>; condition: Condition }>((tie) => ({
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc
        .constantFrom(...NAMES)
        .map((name) => ({ text: `${prefix}${name}`, value: (seen: Seen) => numberOf(recordOf(seen)[name]) })),
      constant,
      fc.tuple(tie('number'), fc.constantFrom(...Object.keys(ARITHMETIC)), tie('number')).map(([a, operator, b]) => ({
        text: `(${a.text} ${operator} ${b.text})`,
        value: (seen: Seen) => both(a.value(seen), b.value(seen), (x, y) => ARITHMETIC[operator]?.(x, y)),
      })),
    ),
    condition: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(tie('number'), fc.constantFrom(...Object.keys(OPERATORS)), tie('number')).map(([a, operator, b]) => ({
        text: `${a.text} ${operator} ${b.text}`,
        value: (seen: Seen) => both(a.value(seen), b.value(seen), (x, y) => OPERATORS[operator]?.(x, y)),
      })),
      fc.constantFrom(...NAMES).map((name) => ({
        text: `has(${prefix}${name})`,
        value: (seen: Seen) => numberOf(recordOf(seen)[name]) !== undefined,
      })),
      tie('condition').map(({ text, value }) => ({
        text: `!(${text})`,
        value: (seen: Seen) => opposite(value(seen)),
      })),
      fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => ({
        text: `((${a.text}) || (${b.text}))`,
        value: (seen: Seen) => either([a.value(seen), b.value(seen)]),
      })),
      fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => ({
        text: `(${a.text}) && (${b.text})`,
        value: (seen: Seen) => opposite(either([opposite(a.value(seen)), opposite(b.value(seen))])),
      })),
    ),
  }));
  return condition;
}

const loops: fc.Arbitrary<Condition> = fc
  .tuple(conditions(true), fc.constantFrom('exists', 'all', 'filter'))
  .map(([{ text, value }, macro]) => {
    const ofPoints = (seen: Seen): (boolean | undefined)[] => seen.history.map((point) => value({ ...seen, point }));
    if (macro === 'exists') return { text: `history.exists(p, ${text})`, value: (seen) => either(ofPoints(seen)) };
    if (macro === 'all') {
      return {
        text: `history.all(p, ${text})`,
        value: (seen) => opposite(either(ofPoints(seen).map(opposite))),
      };
    }
    return {
      text: `history.filter(p, ${text}).size() > 1`,
      value: (seen) => {
        const values = ofPoints(seen);
        return values.includes(undefined) ? undefined : values.filter((one) => one === true).length > 1;
      },
    };
  });

const expressions = fc
  .array(fc.oneof(conditions(false), loops), { minLength: 1, maxLength: 3 })
  .map((parts): Condition => ({
    text: parts.map(({ text }) => `(${text})`).join(' && '),
    value: (seen) => opposite(either(parts.map(({ value }) => opposite(value(seen))))),
  }))
  .filter(({ text }) => text.length < 2000);

const value = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -20, max: 20, noNaN: true })) },
  { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN) },
);
const record = fc.dictionary(fc.constantFrom(...NAMES), value, { minKeys: 2 });
const history = fc.array(record, { maxLength: 4 });

/** Undefined where the guard refuses it. */
function judgeOf(text: string): ReturnType<typeof compileExpression>['judge'] | undefined {
  const { ztf } = SURVEY_FIELDS;
  if (ztf === undefined) throw new Error('ZTF has no fields');
  try {
    return compileExpression(text, ztf, 'expression').judge;
  } catch (error) {
    if (error instanceof ExpressionProblem) return undefined;
    throw error;
  }
}

describe('whatever the expression and the alert', () => {
  it('it accepts where it is true by what is there, and never by what is null, absent or NaN', () => {
    let accepted = 0;
    let without = 0;
    fc.assert(
      fc.property(expressions, fc.array(fc.tuple(record, history), { minLength: 4, maxLength: 4 }), (one, alerts) => {
        const judge = judgeOf(one.text);
        fc.pre(judge !== undefined);
        for (const [candidate, points] of alerts) {
          const truth = one.value({ candidate, history: points, point: {} });
          const verdict = judge({ objectId: 'ZTF18abxhyqv', candidate, history: points });
          expect(verdict.accepted).toBe(truth === true);
          if (verdict.accepted) accepted++;
          else if (verdict.reason === 'null') without++;
        }
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(100);
    expect(without).toBeGreaterThan(100);
  });

  it('a quotient that overflowed divides as it compares', () => {
    const candidate = { rb: 5e-324 };
    for (const text of ['rb / rb / rb > 5.0', 'rb / (rb / rb / rb) < rb']) {
      expect(judgeOf(text)?.({ objectId: 'ZTF18abxhyqv', candidate, history: [] })).toEqual({ accepted: true });
    }
  });

  it('values of any type are judged without an exception', () => {
    const odd = fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(expressions, odd, fc.array(odd, { maxLength: 3 }), (one, candidate, points) => {
        const verdict = judgeOf(one.text)?.({ objectId: 'ZTF18abxhyqv', candidate, history: points });
        expect([undefined, true, false]).toContain(verdict?.accepted);
      }),
      { numRuns: 300 },
    );
  });

  it('any heap of words is refused, or judged, without an exception', () => {
    const word = fc.constantFrom(
      ...['rb', 'magpsf', 'isdiffpos', 'candidate', '.rb', 'history', 'objectId', 'p', 'p.rb', 'has(', 'abs(', 'size('],
      ...[
        '.size()',
        '.exists(p,',
        '.map(p,',
        '.filter(p,',
        '[0]',
        '[',
        ']',
        '(',
        ')',
        ',',
        '?',
        ':',
        '!',
        '-',
        '+',
        '/',
      ],
      ...['*', '<', '==', '&&', '||', ' in ', '1', '0', '0.5', '1e3', '2u', 'true', 'null', '"t"', "'('", '"""a"b"""'],
      ...['r"\\"', 'b"x"', '{', '}', '// (', '\n', 'cel.bind(', 'optional.none()', '.?rb', '.matches("a")', 'type('],
    );
    const text = fc.oneof(
      fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join('')),
      fc.tuple(expressions, word, fc.double({ min: 0, max: 1, noNaN: true })).map(([one, added, share]) => {
        const at = Math.floor(share * one.text.length);
        return one.text.slice(0, at) + added + one.text.slice(at);
      }),
      fc.string({ unit: 'binary', maxLength: 30 }).map((quoted) => `objectId == ${JSON.stringify(quoted)}`),
    );
    fc.assert(
      fc.property(text, record, history, (one, candidate, points) => {
        const verdict = judgeOf(one)?.({ objectId: 'ZTF18abxhyqv', candidate, history: points });
        expect([undefined, true, false]).toContain(verdict?.accepted);
      }),
      { numRuns: 2_000 },
    );
  });
});
