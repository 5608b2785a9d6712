import { errorsOf, NOVAE } from '../test/novae-channel.js';

const BAD_RULES: [title: string, from: string, to: string, error: string][] = [
  [
    'a name other than that of the file',
    'name: NOVAE',
    'name: KILONOVAE',
    '1:7 name: found "KILONOVAE" in a file named NOVAE.yaml, expected the same name for both',
  ],
  [
    'a misspelt key of a trigger',
    '{ result: T2CountPoints }',
    '{ result: T2CountPoints, unti: x }',
    '15:36 t3[0].when.unti: unknown key "unti"; known: result',
  ],
  [
    'a trigger by a result that the channel does not compute',
    '{ result: T2CountPoints }',
    '{ result: T2CountPoint }',
    '15:21 t3[0].when.result: found "T2CountPoint", expected a T2 unit of this channel (it has T2CountPoints); did you mean "T2CountPoints"?',
  ],
  [
    'a condition with nothing to wait for',
    '    after: 3 nights\n',
    '',
    '16:13 t3[0].unless: found unless without after, expected a wait that can be called off: after: 3 nights',
  ],
  [
    'the same T2 unit twice, once with its default written out',
    '  - unit: T2CountPoints\n',
    '  - unit: T2CountPoints\n  - unit: T2CountPoints\n    config: { bands: [g, r] }\n',
    '11:5 t2[1]: T2CountPoints with the same config stands at t2[0] already, expected it once',
  ],
  [
    'two rules of one name',
    't3:\n',
    't3:\n  - { name: first-light, unit: HookReaction, config: { url: x }, when: accepted }\n',
    '13:11 t3[1].name: "first-light" is the name of t3[0] already, expected another',
  ],
];

describe('the check of what the parts of a channel owe each other', () => {
  it.each(BAD_RULES)('names the place of %s', (_title, from, to, error) => {
    expect(NOVAE).toContain(from);
    expect(errorsOf(NOVAE.replace(from, to))).toEqual([error]);
  });
});
