import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { fieldsRead } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { readsOf } from '../define.js';
import { parseConfig } from '../parse-config.js';
import { basicMultiFilter } from './basic-multi-filter.js';

interface Criterion {
  readonly attribute: string;
  readonly operator: string;
  readonly value: number;
}

const GOOD = CANDIDATE as Fields;
/** Two detections, one of them negative and fainter, and a limit that is as deep as the candidate's image. */
const HISTORY: readonly Fields[] = [
  { candid: '9007199254740993', jd: 2458425.75, magpsf: 18.75, rb: 0.5, isdiffpos: 't', diffmaglim: 20 },
  { jd: 2458424.75, magpsf: null, diffmaglim: 20.5 },
  { candid: '2', jd: 2458423.75, magpsf: 19.5, rb: null, isdiffpos: 'f', diffmaglim: 20 },
];
const ACCEPTED: Verdict = { accepted: true };

const on = (attribute: string, operator: string, value: number): Criterion => ({ attribute, operator, value });
const count = (criteria: Criterion | readonly Criterion[], operator: string, len: number, connection?: string) => ({
  ...{ criteria, operator, len },
  ...(connection && { logicalConnection: connection }),
});

function decide(filters: readonly object[], candidate: Fields = {}, history = HISTORY): Verdict {
  const run = basicMultiFilter.bind(basicMultiFilter.config.parse({ filters }), { survey: 'ztf', files: new Map() });
  return run({ objectId: 'ZTF18abxhyqv', candidate: { ...GOOD, ...candidate }, history });
}

/** How many detections fulfil the criteria, as the rejection tells. */
function counted(criteria: Criterion | readonly Criterion[], candidate: Fields = {}): unknown {
  return decide([count(criteria, '>', 99)], candidate);
}

describe('BasicMultiFilter', () => {
  it.each([
    ['brighter than 19', on('magpsf', '<', 19), '2'],
    ['as bright as 18.75 or fainter', on('magpsf', '>=', 18.75), '2'],
    ['fainter than 18.75', on('magpsf', '>', 18.75), '1'],
    ['of 18.75 or brighter', on('magpsf', '<=', 18.75), '2'],
    ['of 18.75', on('magpsf', '==', 18.75), '1'],
    ['of another magnitude', on('magpsf', '!=', 18.75), '2'],
    ['after a time and deep enough, limits left out', [on('jd', '>', 2458424), on('diffmaglim', '>=', 20)], '2'],
    ['of any kind', [], '3'],
    ['with a field that there is not', on('nonesuch', '!=', 0), '0'],
    ['with text that is no number', on('isdiffpos', '!=', 0), '3'],
    ['with text that is a number of 64 bits', on('candid', '>', 1e15), '2'],
    ['whose score is none, which equals nothing', on('rb', '!=', 0.5), '2'],
  ])('counts the detections %s', (_, criteria, value) => {
    expect(counted(criteria)).toEqual({ accepted: false, reason: 'criteria', value });
  });

  it.each([
    ['>', 2, false],
    ['>=', 2, true],
    ['<', 2, false],
    ['<=', 2, true],
    ['==', 2, true],
    ['!=', 2, false],
  ])('compares their number: 2 %s %d is %p', (operator, len, isAccepted) => {
    expect(decide([count(on('magpsf', '<', 19), operator, len)]).accepted).toBe(isAccepted);
  });

  it('joins conditions from left to right, without precedence, and ignores how the first is joined', () => {
    const [yes, no] = [on('jd', '>', 0), on('jd', '<', 0)];
    const holds = (...joined: [Criterion, string?][]): boolean =>
      decide(joined.map(([criteria, connection]) => count(criteria, '==', 3, connection))).accepted;
    expect(holds([no, 'OR'], [yes])).toBe(false);
    expect(holds([no], [yes, 'OR'])).toBe(true);
    expect(holds([yes], [yes, 'OR'], [no, 'AND'])).toBe(false);
    expect(holds([no], [no, 'AND'], [yes, 'OR'])).toBe(true);
  });

  it('tells the number of each condition, and again for the next alert', () => {
    const filters = [count(on('magpsf', '<', 19), '>', 9), count(on('jd', '>', 0), '>', 9)];
    expect(decide(filters)).toMatchObject({ reason: 'criteria', value: '2, 3' });
    const run = basicMultiFilter.bind(basicMultiFilter.config.parse({ filters }), { survey: 'ztf', files: new Map() });
    expect(run({ objectId: '', candidate: GOOD, history: HISTORY })).toMatchObject({ value: '2, 3' });
    expect(run({ objectId: '', candidate: GOOD, history: [] })).toMatchObject({ value: '1, 1' });
  });

  it('does not accept where the order of null or text is asked for, at which AMPEL fails', () => {
    const always = count(on('jd', '>', 0), '>=', 0);
    const nullScore = { accepted: false, reason: 'isNone', field: 'rb' };
    expect(decide([always, count(on('rb', '<', 1), '>=', 0, 'OR')])).toEqual(nullScore);
    expect(decide([count(on('rb', '>', 0), '>=', 0)], { rb: null }, [])).toEqual(nullScore);
    expect(decide([count(on('isdiffpos', '<', 1), '>=', 0)])).toEqual({
      ...{ accepted: false, reason: 'notNumber', field: 'isdiffpos' },
    });
    // A criterion before it leaves the point out.
    expect(decide([count([on('magpsf', '<', 19), on('rb', '<', 1)], '==', 2)])).toEqual(ACCEPTED);
  });

  it('reads what its criteria name, and no others', () => {
    const config = basicMultiFilter.config.parse({
      filters: [count([on('magpsf', '<', 99), on('diffmaglim', '>', 0)], '==', 3), count(on('jd', '>', 0), '==', 3)],
    });
    const { verdict, candidate, history } = fieldsRead(
      { candidate: GOOD, history: HISTORY },
      basicMultiFilter.bind(config, { survey: 'ztf', files: new Map() }),
    );
    const declared = readsOf(basicMultiFilter, config, 'ztf');
    expect(verdict).toEqual(ACCEPTED);
    expect(declared).toEqual({
      candidate: ['candid', 'magpsf', 'diffmaglim', 'jd'],
      history: ['candid', 'magpsf', 'diffmaglim', 'jd'],
    });
    expect(['candid', ...candidate].sort()).toEqual([...declared.candidate].sort());
    expect(history).toEqual([...declared.history].sort());
  });

  it.each([
    ['no condition', { filters: [] }, ['filters']],
    ['a negative number', { filters: [count([], '>', -1)] }, ['filters', 0, 'len']],
    ['AND as a comparison', { filters: [count([], 'AND', 1)] }, ['filters', 0, 'operator']],
    ['another join', { filters: [count([], '>', 1, 'XOR')] }, ['filters', 0, 'logicalConnection']],
  ])('refuses a config with %s', (_, config, path) => {
    const checked = parseConfig(basicMultiFilter, config);
    expect(checked.ok ? [] : checked.issues).toMatchObject([{ path }]);
  });
});
