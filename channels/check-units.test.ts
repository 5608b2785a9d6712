import { errorsOf, NOVAE } from '../test/novae-channel.js';

const BAD_UNITS: [title: string, from: string, to: string, error: string][] = [
  [
    'a misspelt cut',
    'min_ndet: 2',
    'min_ndet: 2\n    max_mug: 18',
    '9:5 t0.config.max_mug: unknown key "max_mug"; did you mean "max_mag"?',
  ],
  ['a cut that is missing', '    min_ndet: 2', '    max_mag: 18', '7:3 t0.config.min_ndet: missing, expected number'],
  ['a cut of another type', 'min_ndet: 2', 'min_ndet: two', '8:15 t0.config.min_ndet: found "two", expected number'],
  ['a cut with no value', 'min_ndet: 2', 'min_ndet:', '8:5 t0.config.min_ndet: found null, expected number'],
  [
    'a cut that the filter refuses',
    'min_ndet: 2',
    'min_ndet: 2\n    gaia_rs: 20',
    '9:14 t0.config.gaia_rs: no catalogue service yet: set gaia_rs: 0, found 20',
  ],
  [
    'no config where the unit needs one',
    '  config:\n    min_ndet: 2\n',
    '',
    '5:1 t0.config: missing, expected min_ndet for BrightFilter',
  ],
  [
    'a config that is a list',
    'config:\n    min_ndet: 2',
    'config: [2]',
    '7:11 t0.config: found a list, expected record',
  ],
  [
    'a misspelt filter',
    'BrightFilter',
    'BritghFilter',
    '6:9 t0.unit: found "BritghFilter", t0 needs a filter; did you mean "BrightFilter"?',
  ],
  [
    'a unit of the wrong tier',
    'unit: BrightFilter',
    'unit: T2CountPoints',
    '6:9 t0.unit: T2CountPoints is a T2 unit, t0 needs a filter; known: BrightFilter',
  ],
  [
    'an unknown unit that is near to none',
    'unit: HookReaction',
    'unit: Slack',
    '13:11 t3[0].unit: found "Slack", t3 needs a T3 unit; known: HookReaction',
  ],
  ['a filter that is no text', 'unit: BrightFilter', 'unit: 7', '6:9 t0.unit: found 7, expected string'],
];

describe('the check of the units of a channel', () => {
  it.each(BAD_UNITS)('names the place of %s', (_title, from, to, error) => {
    expect(NOVAE).toContain(from);
    expect(errorsOf(NOVAE.replace(from, to))).toEqual([error]);
  });
});
