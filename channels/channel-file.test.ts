import { errorsOf, NOVAE } from '../test/novae-channel.js';

const KNOWN_KEYS =
  'name, version, description, contact, stream, access, keep, cap, on_stock_match, t0, t1, t2, reactions, t3, periodic';

const BAD_VALUES: [title: string, from: string, to: string, error: string][] = [
  [
    'a misspelt key of the file',
    'stream: ztf',
    'stream: ztf\ncontakt: me',
    `4:1 contakt: unknown key "contakt"; did you mean "contact"?`,
  ],
  [
    'a key that is near to none',
    'stream: ztf',
    'stream: ztf\ntemplate: x',
    `4:1 template: unknown key "template"; known: ${KNOWN_KEYS}`,
  ],
  [
    'the prototype as a key',
    'stream: ztf',
    'stream: ztf\n__proto__: {}',
    `4:1 __proto__: unknown key "__proto__"; known: ${KNOWN_KEYS}`,
  ],
  [
    'a stream that is none',
    'stream: ztf',
    'stream: zft',
    '3:9 stream: expected ztf or lsst, or a list of both (did you mean "ztf"?), found "zft"',
  ],
  [
    'a misspelt data right',
    '[ZTF_PUB]',
    '[ZTF_PUB, ZTF_PRV]',
    '4:19 access[1]: expected ZTF_PUB or ZTF_PRIV or LSST (did you mean "ZTF_PRIV"?), found "ZTF_PRV"',
  ],
  [
    'no data right at all',
    '[ZTF_PUB]',
    '[]',
    '4:9 access: found an empty list, expected at least one tag, such as ZTF_PUB',
  ],
  ['a data right given twice', '[ZTF_PUB]', '[ZTF_PUB, ZTF_PUB]', '4:9 access: found a tag twice, expected each once'],
  [
    'a version that YAML takes for a number',
    '1.0.0',
    '1.0',
    '2:10 version: found 1, expected three numbers, such as 1.0.0',
  ],
  ['no version', 'version: 1.0.0\n', '', '1:1 version: missing, expected three numbers, such as 1.0.0'],
  [
    'a name in small letters',
    'name: NOVAE',
    'name: Novae',
    '1:7 name: found "Novae", expected capitals, digits and "_", a letter first, at most 64, such as HU_RAPID',
  ],
  [
    'a rule name in capitals',
    'first-light',
    'First_Light',
    '12:11 t3[0].name: found "First_Light", expected lower-case words joined by "-", such as new-candidate',
  ],
  [
    'a misspelt trigger',
    '{ result: T2CountPoints }',
    'detecton',
    '15:11 t3[0].when: expected accepted, detection, { result: T2 UNIT } or an expression over results (did you mean "detection"?), found "detecton"',
  ],
  [
    'no trigger',
    '    when: { result: T2CountPoints }\n',
    '',
    '12:5 t3[0].when: missing, expected accepted, detection, { result: T2 UNIT } or an expression over results',
  ],
  [
    'a wait without its unit',
    'after: 3 nights',
    'after: 3',
    '16:12 t3[0].after: found 3, expected a time with its unit, such as "30 min", "2 h" or "3 nights"',
  ],
  [
    'a wait of nothing',
    'after: 3 nights',
    'after: 0 h',
    '16:12 t3[0].after: found "0 h", expected more than 0 and at most 1000 d (leave it out to react at once)',
  ],
  [
    'a wait of years',
    'after: 3 nights',
    'after: 1001 nights',
    '16:12 t3[0].after: found "1001 nights", expected more than 0 and at most 1000 d',
  ],
  [
    'a misspelt condition',
    'unless: detection',
    'unless: detections',
    '17:13 t3[0].unless: expected detection or an expression over results (did you mean "detection"?), found "detections"',
  ],
];

describe('the check of the keys and values of a channel file', () => {
  it.each(BAD_VALUES)('names the place of %s', (_title, from, to, error) => {
    expect(NOVAE).toContain(from);
    expect(errorsOf(NOVAE.replace(from, to))).toEqual([error]);
  });
});
