import type { FilterInput } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { UnfitConfig } from '../define.js';
import { expressionFilter } from './expression-filter.js';

const CONTEXT = { survey: 'ztf', files: new Map<string, Uint8Array>() };
const CANDIDATE: Fields = {
  jd: 2458426.75,
  rb: 0.75,
  fid: 2,
  magpsf: 18.5,
  isdiffpos: 't',
  ndethist: 4,
  ssdistnr: -999,
  drb: null,
};
const HISTORY: readonly Fields[] = [
  { jd: 2458423.75, magpsf: 19.5, isdiffpos: 't', rb: 0.5, candid: '1' },
  { jd: 2458420.75, magpsf: 20, isdiffpos: 'f', rb: null, candid: '2' },
  { jd: 2458419.75, diffmaglim: 20.5 },
];

function judge(expression: string, over: Fields = {}, history = HISTORY, reason?: string): Verdict {
  const config = expressionFilter.config.parse({ expression, ...(reason !== undefined && { reason }) });
  const input: FilterInput = { objectId: 'ZTF18abxhyqv', candidate: { ...CANDIDATE, ...over }, history };
  return expressionFilter.bind(config, CONTEXT)(input);
}

function problemOf(expression: string, survey = 'ztf'): string {
  try {
    expressionFilter.bind(expressionFilter.config.parse({ expression }), { ...CONTEXT, survey });
  } catch (error) {
    if (error instanceof UnfitConfig) return error.message;
    throw error;
  }
  return 'none';
}

describe('an expression', () => {
  it.each([
    'rb > 0.5 && magpsf < 19',
    'fid == 2',
    '2 == fid',
    'fid in [1, 2]',
    '!(fid in [1, 3])',
    'isdiffpos in ["t", "1"]',
    'jd - 2458420 > 6 && jd - 2458420 < 7.5',
    'rb * 2 > 1 ? magpsf < 19 : false',
    'abs(ssdistnr) > 998 && -ssdistnr == 999',
    'magpsf / fid < 10',
    'magpsf / (fid + 1) < 7 || false',
    'min(rb, 0.5) == 0.5 && max(rb, 0.5) == 0.75',
    'log10(sqrt(fid * 50)) == 1',
    'objectId.startsWith("ZTF18")',
    'history.size() == 3 && size(history) * 0.5 < 2 && history.size() - 1 == 2',
    'history.exists(p, p.jd < 2458420 && p.diffmaglim > 20)',
    'history.all(p, p.jd < jd)',
    'history.filter(p, has(p.magpsf)).size() == 2',
    'history.filter(p, has(p.magpsf)).all(q, q.magpsf > magpsf)',
    'history.map(p, p.jd).exists(t, jd - t > 6)',
    'history[0].magpsf - magpsf == 1.0',
    'history.filter(p, has(p.magpsf)).size() / history.size() > 0.6',
    'history.exists(p, has(p.rb) && p.rb < rb && candidate.rb == rb)',
    'rb - (magpsf - 18) - -(fid - 1) == 1.25 && 8 / (4 / 2) == 4 && -(-rb) == rb',
    'objectId != """say "no" (""" && (rb > 0.5) || (fid == 1)',
    'has(rb) && !has(drb)',
    'has(drb) ? drb > 0.5 : rb > 0.5',
    'drb > 0.5 || rb > 0.5',
  ])('accepts where it is true, numbers compared as a scientist writes them: %s', (expression) => {
    expect(judge(expression)).toEqual({ accepted: true });
  });

  it.each([
    ['rb > 0.5 && magpsf < 18 && fid == 7', 'magpsf', 18.5, 18],
    ['(rb > 0.5 && ssdistnr >= -1)', 'ssdistnr', -999, -1],
    ['isdiffpos == "f"', 'isdiffpos', 't', 'f'],
  ])(
    'rejects with the first condition that is false, its field, value and limit: %s',
    (expression, field, value, limit) => {
      expect(judge(expression)).toEqual({ accepted: false, reason: 'expression', field, value, limit });
      expect(judge(expression, {}, HISTORY, 'faint')).toMatchObject({ reason: 'faint' });
    },
  );

  it('takes a cut for one whichever side the field is on', () => {
    expect(judge('18 > magpsf')).toMatchObject({ field: 'magpsf', value: 18.5, limit: 18 });
    expect(judge('candidate.magpsf < 18')).toMatchObject({ field: 'magpsf', value: 18.5, limit: 18 });
  });

  it('names a condition that is no plain cut by its text', () => {
    expect(judge('rb > 0.5 && (fid + 1) > (2 + 2)')).toEqual({
      ...{ accepted: false, reason: 'expression', field: '(fid + 1) > (2 + 2)' },
    });
    expect(judge('rb > magpsf')).toMatchObject({ field: 'rb > magpsf' });
    expect(judge('rb > 0.5 && ((fid == 1) || (objectId == ")")) // not yet (')).toMatchObject({
      field: '(fid == 1) || (objectId == ")")',
    });
    expect(judge('fid in [1, 3]')).toEqual({ accepted: false, reason: 'expression', field: 'fid', value: 2 });
  });

  it.each([
    ['drb > 0.5', 'drb'],
    ['!(drb < 0.5)', 'drb'],
    ['drb != 3', 'drb'],
    ['rb > 0.5 && !(drb in [1, 2])', 'drb'],
    ['history.all(p, p.magpsf > 10)', 'magpsf'],
    ['!history.exists(p, p.rb > 0.9)', 'rb'],
    ['history.map(p, p.rb).size() == 3', 'rb'],
    ['history[1].rb < 1', 'rb'],
  ])('rejects for null what reads a field that is not there, whatever stands around it: %s', (expression, field) => {
    expect(judge(expression)).toEqual({ accepted: false, reason: 'null', field });
  });

  it('takes NaN for null', () => {
    expect(judge('!(rb < 0.5)', { rb: Number.NaN })).toMatchObject({ reason: 'null', field: 'rb' });
  });

  it.each([
    '!(rb / (fid - 2) < 1)',
    'log10(-rb) < 1',
    'history[7].jd > 0',
    'sqrt(ssdistnr) < 1',
    'rb / ((fid - 1) * (fid - 2)) > 1',
    'history.size() / history.filter(p, p.jd < 0).size() > 0.5',
  ])('rejects what has no value: %s', (expression) => {
    expect(judge(expression)).toMatchObject({ accepted: false, reason: 'error', field: expression });
  });

  it('reads only the fields that it names', () => {
    const config = expressionFilter.config.parse({
      expression: 'rb > 0.5 && history.exists(p, has(p.magpsf))',
    });
    const { reads } = expressionFilter;
    expect(typeof reads === 'function' ? reads(config, 'ztf') : reads).toEqual({
      candidate: ['rb'],
      history: ['magpsf'],
    });
  });

  it('knows the fields of LSST', () => {
    expect(problemOf('reliability > 0.5 && psfFlux_flag == false && history.size() > 2', 'lsst')).toBe('none');
    expect(problemOf('rb > 0.5', 'lsst')).toContain('the candidate has no field rb');
    expect(problemOf('rb > 0.5', 'gattini')).toBe('the fields of alerts of gattini are not known here');
  });
});

describe('an expression is refused when its channel is checked', () => {
  it.each([
    ['rbb > 0.5', 'the candidate has no field rbb; did you mean rb? (character 1 of the expression)'],
    ['has(magpsff)', 'the candidate has no field magpsff; did you mean magpsf? (character 5 of the expression)'],
    ['history.exists(p, p.sgscore1 > 0)', 'an earlier point has no field sgscore1'],
    ['candidate.rbb > 0.5', 'the candidate has no field rbb; did you mean rb? (character 11 of the expression)'],
    ['rb > 0.5 && histroy.size() > 1', 'histroy; did you mean history? (character 13'],
    ['zeropoint > 25', 'has no field zeropoint, see "ampel inspect --json" for what alerts have'],
    ['has(objectId)', 'found has of something else, expected a field: has(drb)'],
    ['rb.magpsf > 0.5', 'found .magpsf behind rb, which has no fields'],
    ['rb > "a"', 'no such operation: number > text (character 1'],
    ['fid == 2 && isdiffpos > 3', 'no such operation: text > number (character 13'],
    ['rb > 0.5 && magpsf', 'found number beside &&, expected true or false on both sides (character 1'],
    ['rb > 0.5 && (magpsf ? true : false)', 'found number as a condition, expected true or false (character 14'],
    ['history.all(p, p.magpsf)', 'found number as a condition, expected true or false'],
    ['(rb > 0.5 ? magpsf : isdiffpos) == 3', 'found number and text on the sides of :, expected one of them'],
    ['fid in [1, "R"]', 'found text in a list of number, expected one of them (character 12'],
    ['fid in ["g", "R"]', 'no such operation: number in list<text> (character 1'],
    ['isdiffpos.startsWith(fid)', 'no such operation: text.startsWith(number)'],
    ['-isdiffpos == "f"', 'no such operation: -text'],
    ['rb', 'gives number, expected true or false'],
    ['rb > 0.5 &&', 'Unexpected token: EOF (character 12'],
    ['rb = 1', 'Unexpected character: = (character 4'],
    ['drb == null', 'found null, expected has(…)'],
    [
      'objectId.matches("(a+)+$")',
      'found .matches(…), expected startsWith, endsWith or contains: a regular expression can take seconds',
    ],
    ['objectId.startWith("Z")', 'found .startWith(…); did you mean startsWith?'],
    ['squareroot(rb) > 1', 'found squareroot(…), expected one of has, size, abs, sqrt'],
    [
      'history.exists(p, history.exists(q, q.jd > p.jd))',
      'found a loop over history inside another one, which can take seconds',
    ],
    ['[1, 2].exists(x, x > 1)', 'found [1, 2], expected history: only its points can be gone through'],
    ['(history + history).size() > 1', 'found history, expected a use of it'],
    ['history.map(p, history).size() > 1', 'found history, expected a use of it'],
    ['history.filter(p, p.jd > 0)', 'found a list, expected a value'],
    ['candidate["rb"] > 0.5', 'found candidate before [, expected history'],
    ['candidate == candidate', 'found candidate, expected one of its fields'],
    ['cel.bind(x, rb, x > 0)', 'found .bind(…)'],
    ['{"a": 1}.a > 0', 'found {"a": 1}'],
    ['timestamp("2020-01-01T00:00:00Z") > timestamp("2019-01-01T00:00:00Z")', 'found timestamp(…)'],
    ['rb > 1u', 'found 1u, expected a number'],
    ['history.exists(candidate, true)', 'found candidate as the name of a point'],
    ['history.exists(rb, rb.jd > 0)', 'found rb as the name of a point, which has a meaning, expected one such as p'],
    ['rb > 1e400', 'Invalid number: Infinity (character 6'],
    ['fid in rb', 'behind "in", expected a list such as [1, 2]'],
    [`fid in [${Array.from({ length: 1001 }, (_, i) => i).join(',')}]`, 'found 3'],
    ['true && '.repeat(300) + 'true', 'found 2404 letters, expected 2000 at most'],
    ['('.repeat(60) + 'true' + ')'.repeat(60), 'Exceeded max'],
    [Array.from({ length: 201 }, () => 'true').join('&&'), 'Exceeded max'],
  ])('with the place, what was found and what is meant: %s', (expression, message) => {
    expect(problemOf(expression)).toContain(message);
  });

  it.each(['null', 'access', 'cap', 'too faint'])(
    'with a reason that means something else, or is no word: %s',
    (reason) => {
      expect(expressionFilter.config.safeParse({ expression: 'true', reason }).success).toBe(false);
    },
  );
});
