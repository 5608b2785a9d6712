import { z } from 'zod';
import type { Json } from '../../model/canonical-json.js';
import { ExpressionProblem } from './problem.js';
import { compileResultExpression } from './result-expression.js';
import { shapeOf } from './result-fields.js';

const SHAPES = new Map([
  [
    'T2Fit',
    shapeOf(
      z.strictObject({
        chi2: z.number(),
        tau: z.number().nullable(),
        name: z.string(),
        good: z.boolean(),
        classes: z.array(z.string()),
        mags: z.record(z.string(), z.number()),
        peak: z.union([z.strictObject({ mag: z.number() }), z.null()]),
      }),
    ),
  ],
  ['T2Open', undefined],
]);
const FIT: Json = {
  ...{ chi2: 1.5, tau: null, name: 'SN Ia', good: true, classes: ['SN Ia', 'SN II'] },
  ...{ mags: { 'g-r': 0.25 }, peak: { mag: 18.5 } },
};
const STATE = { detections: 3, upperLimits: 1, lastMag: 18.75 };

function judge(text: string, results: Readonly<Record<string, Json>> = { T2Fit: FIT }) {
  return compileResultExpression(text, SHAPES).holds({ results, state: STATE });
}

function problemOf(text: string): ExpressionProblem {
  try {
    compileResultExpression(text, SHAPES, ['accepted', 'detection']);
  } catch (error) {
    if (error instanceof ExpressionProblem) return error;
    throw error;
  }
  throw new Error(`${text} was taken`);
}

describe('an expression over results', () => {
  it.each([
    'T2Fit.chi2 < 2',
    'T2Fit.chi2 < 2 && T2Fit.good',
    'T2Fit.chi2 > 100 || state.detections >= 3',
    '"SN Ia" == T2Fit.name && T2Fit.name.startsWith("SN")',
    'T2Fit.mags["g-r"] < 0.5',
    'T2Fit.peak.mag + 1 > state.lastMag',
    'has(T2Fit.chi2) && !has(T2Fit.tau)',
    'size(T2Fit.classes) == 2',
    'T2Fit.name in ["SN Ia", "SN Ib"]',
    '(T2Fit.chi2 < 1 ? 10 : 20) == 20',
    'abs(T2Fit.mags["g-r"] - 1) > 0.5',
  ])('%s holds', (text) => {
    expect(judge(text)).toEqual({ holds: true });
  });

  it.each([
    ['T2Fit.chi2 < 1 && T2Fit.good', 'T2Fit.chi2 < 1 does not hold: T2Fit.chi2 is 1.5'],
    ['T2Fit.good && T2Fit.tau > 0', 'T2Fit.tau > 0 does not hold: T2Fit.tau is not there'],
    ['T2Fit.chi2 / 0 > 1', 'T2Fit.chi2 / 0 > 1 does not hold: T2Fit.chi2 is 1.5'],
    ['T2Fit.name > 3', 'T2Fit.name > 3 does not hold: T2Fit.name is "SN Ia"'],
    ['T2Open.anything.below == 1', 'T2Open.anything.below == 1 does not hold: T2Open.anything.below is not there'],
    ['state.peakMag < 30', 'state.peakMag < 30 does not hold: state.peakMag is not there'],
    ['!(T2Fit.tau > 0)', '!(T2Fit.tau > 0) does not hold: T2Fit.tau is not there'],
  ])('%s does not hold, and says why', (text, because) => {
    expect(judge(text)).toEqual({ holds: false, because });
  });

  it('what is NaN makes no condition true', () => {
    expect(judge('T2Fit.chi2 != 3', { T2Fit: { chi2: Number.NaN } })).toMatchObject({ holds: false });
  });

  it('reads no key of the prototype', () => {
    expect(judge('has(T2Open.constructor)', { T2Open: {} })).toMatchObject({ holds: false });
    expect(judge('has(T2Open.toString.name)', { T2Open: {} })).toMatchObject({ holds: false });
  });

  it('names the units that it needs', () => {
    expect(compileResultExpression('T2Open.a > 1 || T2Fit.chi2 < state.days', SHAPES).units).toEqual([
      'T2Fit',
      'T2Open',
    ]);
  });

  it.each([
    ['T2Fitt.chi2 > 1', 'found T2Fitt, expected a T2 unit of this channel, or state; did you mean T2Fit?', 0],
    ['acepted', 'found acepted, expected a T2 unit of this channel, or state; did you mean accepted?', 0],
    ['T2Fit.good && T2Fit.chi > 1', 'T2Fit has no chi; did you mean chi2?', 14],
    ['T2Fit.chi2.a > 1', 'T2Fit.chi2 has nothing under it, found .a', 0],
    ['T2Fit.peak.jd > 1', 'T2Fit.peak has no jd, expected one of mag', 0],
    ['state.detection > 1', 'state has no detection; did you mean detections?', 0],
    ['T2Fit == 1', 'found T2Fit alone, expected what it gives, such as T2Fit.chi2', 0],
    ['T2Fit.classes.exists(c, c == "SN")', 'found .exists(…), expected one of size', 0],
    ['T2Fit.name.matches("a+")', 'found .matches(…), expected one of size', 0],
    ['T2Fit.tau == null', 'found null, expected has(…)', 13],
    ['1 < 2', 'reads no result', 0],
    ['T2Fit.chi2 <', 'Unexpected token', 12],
  ])('%s is refused', (text, message, start) => {
    const problem = problemOf(text);
    expect(problem.message).toContain(message);
    expect(problem.start).toBe(start);
  });
});
