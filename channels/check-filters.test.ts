import { z } from 'zod';
import type { FilterUse } from '../model/channel.js';
import { BRIGHT, errorsIn, filterOf, filterUnits } from '../test/filter-channel.js';
import { checkChannel } from './check-channel.js';
import { FileProblem } from './channel-folder.js';

describe('the filters of a channel', () => {
  it('may be combined, and decisions are named after all of them', () => {
    const use = filterOf(`{ all: [${BRIGHT}, { not: { unit: ListFilter, config: { file: stars.csv } } }], group: 3 }`);
    expect(use).toMatchObject({
      unit: 'all(BrightFilter, not(ListFilter))',
      version: '2.1.0, 1.0.0',
      combine: 'all',
      group: 3,
    });
    expect(use?.filters?.map(({ unit }) => unit)).toEqual(['BrightFilter', 'not(ListFilter)']);
  });

  it('are another configuration with another cut, group or file inside', () => {
    const any = (filter: string): FilterUse | undefined => filterOf(`{ any: [${BRIGHT}, ${filter}] }`);
    const hashes = [
      any('{ unit: BrightFilter, config: { min_ndet: 2 } }'),
      any('{ unit: BrightFilter, config: { min_ndet: 3 } }'),
      any('{ unit: BrightFilter, config: { min_ndet: 3 }, group: 1 }'),
      any('{ unit: ListFilter, config: { file: stars.csv } }'),
      any('{ unit: ListFilter, config: { file: quasars.csv } }'),
    ].map((use) => use?.configHash);
    expect(new Set(hashes).size).toBe(5);
  });

  it('may be an expression alone', () => {
    expect(filterOf('{ expression: "true", reason: faint, group: 2 }')).toMatchObject({
      unit: 'ExpressionFilter',
      config: { expression: 'true', reason: 'faint' },
      group: 2,
    });
  });

  it.each([
    ['nothing', '', 't0: found null, expected a filter: unit, expression, all, any or not'],
    ['a word', 'BrightFilter', 't0: found "BrightFilter", expected a filter: unit, expression, all, any or not'],
    [
      'two forms at once',
      `{ unit: BrightFilter, expression: "true" }`,
      't0.expression: found unit and expression, expected one of them',
    ],
    ['a misspelt form', '{ al: [] }', 't0.al: unknown key "al"; did you mean "all"?'],
    ['one filter in a list', `{ any: [${BRIGHT}] }`, 't0.any: found 1 in the list, expected two filters or more'],
    [
      'a key of another form',
      `{ any: [${BRIGHT}, ${BRIGHT}], config: {} }`,
      't0.config: unknown key "config"; known: any, group',
    ],
    ['a group that is none', '{ expression: "true", group: 0 }', 't0.group: found 0, expected a number from 1 to 255'],
    [
      'a bad cut deep inside',
      `{ not: { all: [${BRIGHT}, { unit: BrightFilter, config: { min_ndet: x } }] } }`,
      't0.not.all[1].config.min_ndet: found "x", expected number',
    ],
    ['an expression that is none', '{ expression: "maybe" }', 't0.expression: found "maybe", expected true or false'],
    [
      'a file that is not there',
      '{ unit: ListFilter, config: { file: no.csv } }',
      't0.config.file: no.csv is not there',
    ],
    ['a file with a fault', '{ unit: ListFilter, config: { file: empty.csv } }', 't0.config.file: empty.csv is empty'],
  ])('are refused with the place of %s', (_what, t0, message) => {
    expect(errorsIn(`t0: ${t0}`)).toContainEqual(message);
  });

  it('are refused where they stand nine deep in each other', () => {
    const deep = (levels: number): string => (levels === 0 ? BRIGHT : `{ not: ${deep(levels - 1)} }`);
    expect(filterOf(deep(7))).toBeDefined();
    expect(errorsIn(`t0: ${deep(8)}`)).toEqual([
      `t0${'.not'.repeat(8)}: filters stand 9 deep in each other, expected 8 at most`,
    ]);
  });

  it('bring the files that they name, by their hash', () => {
    const text = `name: WATCH\nversion: 1.0.0\nstream: ztf\nt0: { unit: ListFilter, config: { file: stars.csv } }\n`;
    const check = checkChannel(text, 'WATCH.yaml', filterUnits, () => Buffer.from('Vega'));
    if (!check.ok) throw new Error(check.errors.map(({ message }) => message).join());
    const [hash] = Object.values(z.record(z.string(), z.string()).parse(check.revision.channel.t0['ztf']?.files));
    expect(Buffer.from(check.files.get(hash ?? '') ?? []).toString()).toBe('Vega');
    const other = checkChannel(text, 'WATCH.yaml', filterUnits, () => Buffer.from('Deneb'));
    expect(other.ok && other.revision.hash).not.toBe(check.revision.hash);
    const none = checkChannel(text, 'WATCH.yaml', filterUnits, () => {
      throw new FileProblem('is no file');
    });
    expect(none.ok).toBe(false);
  });
});

describe('a channel of two surveys', () => {
  const head = 'stream: [ztf, lsst]\naccess: [ZTF_PUB, LSST]';

  it('has one filter for both, or one for each', () => {
    expect(errorsIn(`t0: { expression: "true" }`, head)).toEqual([]);
    expect(errorsIn(`t0: { ztf: ${BRIGHT}, lsst: { expression: "true" } }`, head)).toEqual([]);
  });

  it.each([
    ['the filter of one is missing', `t0: { ztf: ${BRIGHT} }`, head, 't0.lsst: missing, expected a filter for lsst'],
    [
      'a filter reads the other',
      `t0: ${BRIGHT}`,
      head,
      't0.unit: BrightFilter reads alerts of ztf, expected a filter for lsst; known: ExpressionFilter, ListFilter',
    ],
    [
      'a filter has no stream',
      `t0: { ztf: ${BRIGHT}, lsst: { expression: "true" } }`,
      'stream: ztf',
      't0.lsst: found a filter for lsst, whose stream the channel does not read',
    ],
    [
      'there are no rights to one',
      't0: { expression: "true" }',
      'stream: [ztf, lsst]\naccess: [LSST]',
      'access: found no right to data of ztf, expected ZTF_PUB or ZTF_PRIV too',
    ],
    [
      'a survey stands twice',
      't0: { expression: "true" }',
      'stream: [ztf, ztf]',
      'stream[1]: found a survey twice, expected each once',
    ],
    [
      'there is none',
      't0: { expression: "true" }',
      'stream: []',
      'stream: found an empty list, expected at least one survey',
    ],
    [
      'objects are to be matched in one',
      't0: { expression: "true" }\nt1: { match: 2 arcsec }',
      'stream: ztf',
      't1.match: found it in a channel of one survey, expected a second one in stream',
    ],
    [
      'the match is as wide as a galaxy',
      't0: { expression: "true" }\nt1: { match: 90 arcsec }',
      head,
      't1.match: found "90 arcsec", expected more than 0 and at most 60 arcsec',
    ],
  ])('is refused where %s', (_what, rest, start, message) => {
    expect(errorsIn(rest, start)).toContainEqual(message);
  });
});
