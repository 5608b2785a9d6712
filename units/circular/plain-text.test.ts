import {
  composed,
  datapoints,
  object,
  summarized,
  withPoints,
  wrongLines,
  type Draft,
} from '../../test/drafted-circular.js';

const HOSTILE = [
  'ZTF18\nSUBJECT: another',
  'ZTF18\r\n\r\nbcc: x@example.org',
  'a\u0000b\u001b[2J\u0007\u009b\u007f',
  '\u2028\u2029\u0085\v\f',
  '\u202egnp.exe\u2066\u200b\ufeff',
  '\ud800 half',
  'e' + '\u0301'.repeat(5000),
  '\ufdfa'.repeat(100),
  '名前',
  '',
  ' '.repeat(200),
  'long'.repeat(1000),
  '$& $1 ${x} %s',
];

describe.each(['gcn', 'atel'])('names from outside in the style %s', (style) => {
  it.each(HOSTILE)('are a part of a line: %j', (hostile) => {
    const more = { style, fields: ['T2LightCurveSummary.x'] };
    const results = { T2LightCurveSummary: { x: hostile } };
    const names = { objectId: hostile, rule: hostile, channel: hostile, results };
    const paragraphs = ({ text }: Draft): number => text.split('\n\n').length;
    const points = withPoints(...datapoints.map((each) => ({ ...each, band: hostile })));
    for (const [one, harmless] of [
      [composed({ ...names, ...points }, more), composed({}, more)],
      [summarized({ ...names, objects: [{ ...object, ...names }] }, more), summarized({ objects: [object] }, more)],
    ] as const) {
      expect(one.subject).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u);
      expect(one.text).toMatch(/^[^\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u);
      expect(one.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect(one.text.length).toBeLessThan(4000);
      expect(one.text).not.toMatch(/^(SUBJECT: another|bcc:)/m);
      expect(paragraphs(one)).toBe(paragraphs(harmless));
      if (style === 'gcn') expect(wrongLines(one)).toEqual([]);
    }
  });
});

describe('a GCN Circular from other letters', () => {
  it.each([
    ['Ångström, Øre, Æsir, Straße, Łódź, İstanbul, Nuñez', 'Angstrom, Ore, AEsir, Strasse, Lodz, Istanbul, Nunez'],
    ['10⁻¹¹ erg cm⁻², 3 ± 1 µJy, z ≤ 0.1, σ ≠ 2, ΔT', '10^-11 erg cm^-2, 3 +/- 1 muJy, z <= 0.1, sigma != 2, DeltaT'],
    ['“quoted” — ‘so’… 2′ 30°', "\"quoted\" - 'so'... 2' 30deg"],
    ['ﬁeld 王', 'field ?'],
  ])('writes %s as %s', (comment, expected) => {
    expect(composed({}, { comment }).text).toContain(`\n\n${expected}\n\n`);
  });
});

describe('the lines of a GCN Circular', () => {
  const comments = (comment: string): string[] =>
    composed({}, { comment }).text.split('num_detections')[0]?.split('Error')[1]?.split('\n\n')[1]?.split('\n') ?? [];

  it.each([
    [`${'a'.repeat(70)} b`, [`${'a'.repeat(70)} b`]],
    [`${'a'.repeat(71)} b`, ['a'.repeat(71), 'b']],
    ['a'.repeat(72), ['a'.repeat(72)]],
    ['a'.repeat(73), ['a'.repeat(72), 'a']],
    [`b ${'a'.repeat(145)} c`, ['b', 'a'.repeat(72), 'a'.repeat(72), 'a c']],
  ])('are no longer than 72 letters: %s', (comment, lines) => {
    expect(comments(comment)).toEqual(lines);
  });

  it('are so with everything as long as a config allows', () => {
    const fields = Array.from({ length: 40 }, (_, index) => `T2${'x'.repeat(140)}${index}`);
    const long = { authors: 'ä b'.repeat(1333), group: '⁻'.repeat(100), comment: 'ß'.repeat(4000), fields };
    expect(wrongLines(composed({}, { ...long, group: `g${'⁻'.repeat(99)}` }))).toEqual([]);
    expect(wrongLines(summarized({}, { ...long, group: `g ${'x'.repeat(98)}` }))).toEqual([]);
  });

  it('go on indented where the subject is long', () => {
    const { subject, text } = composed({}, { group: 'the Group of Everybody Who Looks at the Sky' });
    expect(subject).not.toContain('\n');
    expect(text).toMatch(
      /^SUBJECT: ZTF18abxhyqv, an optical transient candidate found by the Group\n {2}of Everybody Who/,
    );
  });

  it('have a subject that GCN does not take for a reply', () => {
    expect(composed({ objectId: 'ZTF18abxhyre' }).subject).not.toMatch(/re: /i);
  });
});
