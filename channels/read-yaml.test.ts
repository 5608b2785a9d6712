import { errorsOf, NOVAE } from '../test/novae-channel.js';

const BAD_TEXTS: [title: string, text: string, error: string][] = [
  ['an empty file', '', '1:1 : found nothing, expected a channel: name, version, stream, t0 and more'],
  ['comments only', '# NOVAE\n', '1:1 : found nothing, expected a channel: name, version, stream, t0 and more'],
  ['a list', '\n- NOVAE\n', '2:1 : found a list, expected a channel: name, version, stream, t0 and more'],
  ['a word', 'NOVAE', '1:1 : found a single value, expected a channel: name, version, stream, t0 and more'],
  [
    'two documents',
    `${NOVAE}---\n${NOVAE}`,
    '18:1 : a second document starts here, expected one channel a file: move it to a file of its own',
  ],
  [
    'a tab',
    NOVAE.replace('    min_ndet', '\tmin_ndet'),
    '8:1 : found a tab, expected spaces: YAML has no tabs at the start of a line',
  ],
  [
    'an open quote',
    NOVAE.replace('stream: ztf', 'stream: "ztf'),
    '3:9 : found an open quote, expected it to be closed',
  ],
  [
    'two colons',
    NOVAE.replace('stream: ztf', 'stream: survey: ztf'),
    '3:9 : found a second ": " on the line: put text that contains it in quotes, and each key on a line of its own',
  ],
  [
    'a tag of another program',
    NOVAE.replace('2', '!!python/name:os.system x'),
    '8:15 : Unresolved tag: tag:yaml.org,2002:python/name:os.system: expected plain text, numbers, true, false, lists and mappings',
  ],
  [
    'a cut given twice',
    NOVAE.replace('min_ndet: 2', 'min_ndet: 2\n    min_ndet: 3'),
    '9:5 t0.config.min_ndet: "min_ndet" is given twice, first on line 8, expected once',
  ],
  [
    'an infinite cut',
    NOVAE.replace('min_ndet: 2', 'min_ndet: .inf'),
    '8:15 t0.config.min_ndet: found .inf, expected a finite number',
  ],
  [
    'a candid that a number cannot hold',
    NOVAE.replace('min_ndet: 2', 'min_ndet: 1150318412515015012'),
    '8:15 t0.config.min_ndet: 1150318412515015012 has more digits than a number can hold, expected it in quotes: "1150318412515015012"',
  ],
  ['a list as a key', `${NOVAE}? [a]\n: 1\n`, '1:1 : found a key that is no plain text, expected a name'],
  [
    'an alias of nothing',
    NOVAE.replace('min_ndet: 2', 'min_ndet: *n'),
    '8:15 t0.config.min_ndet: *n stands for nothing, expected an anchor &n before it',
  ],
  [
    'an alias within its anchor',
    NOVAE.replace('min_ndet: 2', 'min_ndet: &n [*n]'),
    '8:19 t0.config.min_ndet[0]: *n stands for what it is part of',
  ],
  [
    'an alias bomb',
    'a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b]\n',
    '1:1 : the aliases stand for more than 30 times what they are: write out what they stand for',
  ],
  [
    'too many aliases',
    `a: &a x\nb: [${'*a, '.repeat(31)}]\n`,
    '2:125 b[30]: found more than 30 aliases (*a): write out what they stand for',
  ],
  ['lists in lists', '- '.repeat(5000), '1:120 : nested more than 60 levels deep: a channel needs less than ten'],
  [
    'a megabyte',
    `#${'x'.repeat(1_000_000)}`,
    '1:1 : the file has 1000001 bytes, expected at most 1000000: is this a channel?',
  ],
];

describe('the reading of a channel file', () => {
  it.each(BAD_TEXTS)('refuses %s', (_title, text, error) => {
    expect(errorsOf(text)).toEqual([error]);
  });

  it('shows an error in what an alias stands for where it is written', () => {
    const rule = '  - { name: again, unit: HookReaction, config: *to, when: accepted }\n';
    const text = NOVAE.replace('{ url: http://h/ }', '&to { url: 7 }') + rule;
    expect(errorsOf(text)).toEqual([
      '14:24 t3[0].config.url: found 7, expected string',
      '14:24 t3[1].config.url: found 7, expected string',
    ]);
  });
});
