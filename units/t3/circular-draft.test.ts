import { z } from 'zod';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint, Fields } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';
import type { Population, SelectedObject } from '../../model/population.js';
import { NO_CLIENTS } from '../no-clients.js';
import { parseConfig } from '../parse-config.js';
import { circularDraft } from './circular-draft.js';

const NUMBER = 'T2LightCurveSummary.num_detections';
const WIDTH = 72;

const wishes = {
  style: 'gcn',
  authors: 'A. Müller (HU Berlin), B. Łukasz (DESY)',
  group: 'AMPEL-HU',
};

function point(kind: Datapoint['kind'], jd: number, body: Fields, band = 'r'): Datapoint {
  return { id: String(jd), kind, jd, band, tags: ['ZTF', 'ZTF_PUB'], body };
}

const datapoints: readonly Datapoint[] = [
  point('detection', 2458429.8, { magpsf: 18.6, sigmapsf: 0.08 }),
  point('upperLimit', 2458426.8, { diffmaglim: 20.4 }),
  point('upperLimit', 2458425.8, { diffmaglim: 20.7 }, 'g'),
  point('upperLimit', 2458428.8, { diffmaglim: 20.1 }, 'g'),
  point('detection', 2458427.8, { magpsf: 18.923, sigmapsf: 0.104 }, 'g'),
];

const occasion: Occasion = {
  key: 'EXAMPLE/announce/360504273',
  channel: 'EXAMPLE',
  rule: 'announce',
  objectId: 'ZTF18abxhyqv',
  stock: '360504273',
  position: { ra: 21.6399519, dec: -31.6163666 },
  dueJd: 2458430.25,
  alertId: '673285273115015035',
  state: { link: '-118318261', datapoints },
  results: { T2LightCurveSummary: { num_detections: 2 } },
  earlier: [],
};

const object: SelectedObject = {
  ...{ objectId: 'ZTF18abxhyqv', stock: '360504273', position: { ra: 21.6399519, dec: 31.6163666 } },
  ...{ firstAcceptedJd: 2458427.8, lastDetection: { jd: 2458429.8, band: 'r', mag: 18.6 } },
  ...{ detections: 2, upperLimits: 3, results: occasion.results },
};

const population: Population = {
  ...{ key: 'EXAMPLE/morning/1', channel: 'EXAMPLE', rule: 'morning', dueJd: 2458430.25, count: 3, earlier: [] },
  objects: [
    object,
    {
      ...{ ...object, objectId: '3527242976319242284', position: { ra: 359.9999999, dec: -0.5 } },
      ...{ detections: 1234, lastDetection: { jd: 2458428.8, band: 'g' }, results: {} },
    },
    {
      ...{ objectId: 'ZTF18aaaaaaa', stock: '1', position: { ra: 1, dec: 2 }, firstAcceptedJd: 2458427.8 },
      ...{ detections: 0, upperLimits: 1, results: {} },
    },
  ],
};

const draft = z.strictObject({ format: z.literal('text/plain'), subject: z.string(), text: z.string() });
type Draft = z.output<typeof draft>;

function drafted(message: Json | undefined): Draft {
  return draft.parse(message);
}

function composed(changes: Partial<Occasion> = {}, more: Record<string, unknown> = {}): Draft {
  return drafted(
    circularDraft.compose({ ...occasion, ...changes }, circularDraft.config.parse({ ...wishes, ...more })),
  );
}

function summarized(changes: Partial<Population> = {}, more: Record<string, unknown> = {}): Draft {
  const config = circularDraft.config.parse({ ...wishes, ...more });
  return drafted(circularDraft.summarize?.({ ...population, ...changes }, config));
}

function withPoints(...points: readonly Datapoint[]): Partial<Occasion> {
  return { state: { link: '1', datapoints: points } };
}

/** Lines that a GCN Circular may not have. */
function wrongLines({ text }: Draft): string[] {
  return text.split('\n').filter((line) => line.length > WIDTH || /[^\x20-\x7e]/.test(line) || line.endsWith(' '));
}

describe('a GCN Circular on an object', () => {
  it('says where, since when, how bright, what was computed and how it was found', () => {
    const comment = 'Based on observations of the Zwicky Transient Facility, which\nwe thank.\n\nSpectra are wanted.\n';
    expect(composed({}, { fields: [NUMBER], comment })).toEqual({
      format: 'text/plain',
      subject: 'ZTF18abxhyqv, an optical transient candidate found by AMPEL-HU',
      text: `SUBJECT: ZTF18abxhyqv, an optical transient candidate found by AMPEL-HU

A. Muller (HU Berlin), B. Lukasz (DESY) report on behalf of AMPEL-HU:

We report ZTF18abxhyqv, an optical transient candidate, at
  RA, Dec (J2000) = 01:26:33.588 -31:36:58.92
  RA, Dec (deg)   = 21.639952 -31.616367

First detection: 2018-11-05 07:12 UT
Last upper limit before it: 2018-11-04 07:12 UT, r > 20.40 mag
Last detection: 2018-11-07 07:12 UT (2 detections)

AB magnitudes in the difference images, not corrected for extinction:

Time                 Band  Mag    Error
2018-11-05 07:12 UT  g     18.92  0.10
2018-11-07 07:12 UT  r     18.60  0.08

T2LightCurveSummary.num_detections: 2

Based on observations of the Zwicky Transient Facility, which we thank.

Spectra are wanted.

Found by the AMPEL channel EXAMPLE, rule announce, at 2018-11-07 18:00
UT.`,
    });
  });

  it('says so where nothing was detected', () => {
    const { text } = composed(withPoints(...datapoints.filter(({ kind }) => kind === 'upperLimit')));
    expect(text).toContain(`There is no detection at hand.
Last upper limit: 2018-11-06 07:12 UT, g > 20.10 mag

Found by`);
    expect(composed(withPoints()).text).toContain('There is no detection at hand.\nLast upper limit: none at hand\n');
  });

  it('has times and no table where no magnitude is a number', () => {
    const nameless = point('detection', 2458427.8, { magpsf: NaN, sigmapsf: NaN });
    const limit = point('upperLimit', 2458426.8, { diffmaglim: NaN });
    expect(composed(withPoints(nameless, limit)).text).toContain(`First detection: 2018-11-05 07:12 UT
Last upper limit before it: none at hand
Last detection: 2018-11-05 07:12 UT (1 detection)

No detection has a magnitude.

Found by`);
  });

  it('leaves out of the table what has no magnitude, and tells what is fainter than the reference', () => {
    const { text } = composed(
      withPoints(
        point('detection', 2458427.8, { magpsf: Infinity }),
        point('detection', 2458428.8, { magpsf: 19, isdiffpos: 'f' }),
        point('detection', 2458429.8, { magpsf: 1e300, sigmapsf: 1e300 }),
      ),
    );
    expect(text).toContain('(3 detections)');
    expect(text).toContain(`
Time                 Band  Mag    Error
2018-11-06 07:12 UT  r     19.00  -      fainter than reference
2018-11-07 07:12 UT  r     -      -
`);
  });

  it('has the magnitudes of fluxes, as LSST measures them', () => {
    const { text } = composed(
      withPoints(point('detection', 2458429.8, { psfFlux: 10_000, psfFluxErr: 500 }), {
        ...point('upperLimit', 2458428.8, { diaNoise: 200 }, 'z'),
      }),
    );
    expect(text).toContain('z > 23.90 mag');
    expect(text).toContain('r     21.40  0.05');
  });

  it('has the last ten magnitudes', () => {
    const many = Array.from({ length: 12 }, (_, day) => point('detection', 2458420 + day, { magpsf: 18 + day / 10 }));
    const { text } = composed(withPoints(...many));
    expect(text).toContain('extinction\n(the last 10 of 12):');
    expect(text.match(/^2018-.*$/gm)).toHaveLength(10);
    expect(text).not.toContain('18.10');
    expect(text).toContain('19.10');
  });

  it('leaves out times that are none', () => {
    const points = [NaN, Infinity, -1, 1e9].map((jd) => point('detection', jd, { magpsf: 18 }));
    expect(composed(withPoints(...points)).text).toContain('There is no detection at hand.');
    expect(composed({ dueJd: NaN }).text).toContain('at no known time.');
  });

  it.each([
    [{ ra: NaN, dec: 0 }, '  no known position\n'],
    [{ ra: 10, dec: 1e300 }, '  no known position\n'],
    [{ ra: 359.99999999, dec: -1e-9 }, '00:00:00.000 +00:00:00.00\n  RA, Dec (deg)   = 0.000000 +0.000000\n'],
  ])('has the position %j', (position, lines) => {
    expect(composed({ position }).text).toContain(lines);
  });

  it('says which results there are not', () => {
    const { text } = composed({}, { fields: ['T2Other.x', 'T2LightCurveSummary.x'] });
    expect(text).toContain('T2Other.x: no result\nT2LightCurveSummary.x: not in the result\n');
  });
});

describe('a GCN Circular on several objects', () => {
  it('has a table of all, and the results of each', () => {
    expect(summarized({}, { fields: [NUMBER] })).toEqual({
      format: 'text/plain',
      subject: '3 optical transient candidates found by AMPEL-HU',
      text: `SUBJECT: 3 optical transient candidates found by AMPEL-HU

A. Muller (HU Berlin), B. Lukasz (DESY) report on behalf of AMPEL-HU:

Position (J2000, deg), number of detections, and the last one with its
AB magnitude in the difference image, not corrected for extinction:

Name                RA       Dec       Det  Last (UT)        Band Mag
ZTF18abxhyqv        21.63995 +31.61637 2    2018-11-07 07:12 r    18.60
3527242976319242284 0.00000  -0.50000  1234 2018-11-06 07:12 g    -
ZTF18aaaaaaa        1.00000  +2.00000  0    -                -    -

ZTF18abxhyqv
T2LightCurveSummary.num_detections: 2

3527242976319242284
T2LightCurveSummary.num_detections: no result

ZTF18aaaaaaa
T2LightCurveSummary.num_detections: no result

Found by the AMPEL channel EXAMPLE, rule morning, at 2018-11-07 18:00
UT.`,
    });
  });

  it('says how many are not in the table', () => {
    const { subject, text } = summarized({ count: 1200 });
    expect(subject).toMatch(/^1200 optical transient candidates/);
    expect(text).toContain('(the first 3\nof 1200 objects):');
  });

  it('is one of none, or of one', () => {
    const none = summarized({ count: 0, objects: [] }, { fields: [NUMBER] });
    expect(none.subject).toBe('No optical transient candidates found by AMPEL-HU');
    expect(none.text).toContain('\n\nNo object was selected.\n\nFound by');
    expect(summarized({ count: 1, objects: [object] }).subject).toMatch(/^1 optical transient candidate found/);
  });

  it('gives long names lines of their own', () => {
    const objectId = 'X'.repeat(500);
    const changed = summarized({ objects: [{ ...object, objectId }, object] });
    expect(changed.text).toContain(`
Name
  RA       Dec       Det Last (UT)        Band Mag
${'X'.repeat(57)}...
  21.63995 +31.61637 2   2018-11-07 07:12 r    18.60
ZTF18abxhyqv
  21.63995 +31.61637 2   2018-11-07 07:12 r    18.60
`);
    expect(wrongLines(changed)).toEqual([]);
  });

  it('takes magnitudes, times and positions that are none', () => {
    const lastDetection = { jd: NaN, band: '', mag: NaN };
    const { text } = summarized({ objects: [{ ...object, position: { ra: NaN, dec: -Infinity }, lastDetection }] });
    expect(text).toMatch(/^ZTF18abxhyqv +- +- +2 +- +\(empty\) +-$/m);
  });
});

describe('an ATel', () => {
  it('has its authors below the title, letters as they are and paragraphs of one line', () => {
    const comment = `Observations by ${'many people '.repeat(10)}on 1° fields.`;
    expect(composed({}, { style: 'atel', fields: [NUMBER], comment })).toEqual({
      format: 'text/plain',
      subject: 'ZTF18abxhyqv, an optical transient candidate found by AMPEL-HU',
      text: `Title: ZTF18abxhyqv, an optical transient candidate found by AMPEL-HU
Authors: A. Müller (HU Berlin), B. Łukasz (DESY)

We report ZTF18abxhyqv, an optical transient candidate, at
  RA, Dec (J2000) = 01:26:33.588 -31:36:58.92
  RA, Dec (deg)   = 21.639952 -31.616367

First detection: 2018-11-05 07:12 UT
Last upper limit before it: 2018-11-04 07:12 UT, r > 20.40 mag
Last detection: 2018-11-07 07:12 UT (2 detections)

AB magnitudes in the difference images, not corrected for extinction:

Time                 Band  Mag    Error
2018-11-05 07:12 UT  g     18.92  0.10
2018-11-07 07:12 UT  r     18.60  0.08

T2LightCurveSummary.num_detections: 2

${comment}

Found by the AMPEL channel EXAMPLE, rule announce, at 2018-11-07 18:00 UT.`,
    });
  });

  it('has the table of several objects', () => {
    expect(summarized({}, { style: 'atel' }).text).toContain(`
Name                 RA        Dec        Det   Last (UT)         Band  Mag
ZTF18abxhyqv         21.63995  +31.61637  2     2018-11-07 07:12  r     18.60
`);
  });

  it('begins no tag by what comes from outside', () => {
    const results = { T2LightCurveSummary: { num_detections: '<img src=x>' } };
    const { subject, text } = composed({ objectId: '<b>x', results }, { style: 'atel', fields: [NUMBER] });
    expect(`${subject}\n${text}`).not.toContain('<');
  });
});

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
    const plain = composed({ results }, more);
    const lines = (text: string): number => text.split('\n\n').length;
    for (const one of [
      composed({ ...names, ...withPoints(...datapoints.map((each) => ({ ...each, band: hostile }))) }, more),
      summarized({ ...names, objects: [{ ...object, ...names }] }, more),
    ]) {
      expect(one.subject).toMatch(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u);
      expect(one.text).toMatch(/^[^\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u);
      expect(one.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
      expect(one.text.length).toBeLessThan(4000);
      expect(one.text).not.toMatch(/^(SUBJECT: another|bcc:)/m);
      expect(Math.abs(lines(one.text) - lines(plain.text))).toBeLessThan(2);
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
      /^SUBJECT: ZTF18abxhyqv, an optical transient candidate found by the Group of\n {2}Everybody Who/,
    );
  });

  it('have a subject that GCN does not take for a reply', () => {
    expect(composed({ objectId: 'ZTF18abxhyre' }).subject).not.toMatch(/re: /i);
  });
});

describe('sending by CircularDraft', () => {
  it('acts nowhere and says who prints the draft', async () => {
    const config = circularDraft.config.parse(wishes);
    const answer = await circularDraft.send(circularDraft.compose(occasion, config), occasion.key, config, {
      ...NO_CLIENTS.clients,
    });
    expect(answer).toEqual({ status: 'a draft: ampel reactions show EXAMPLE/announce/360504273 prints it' });
    expect(circularDraft.knowsKeys).toBe(true);
  });
});

describe('the config of CircularDraft', () => {
  it.each([
    [{ ...wishes, style: 'GCN' }, 'style'],
    [{ ...wishes, authors: ' \n' }, 'expected names'],
    [{ ...wishes, group: '\u200b' }, 'expected a name'],
    [{ ...wishes, fields: ['no path'] }, 'T2LightCurveSummary.num_detections'],
    [{ ...wishes, author: 'A. One' }, 'author'],
  ])('is not %j', (config, problem) => {
    const parsed = parseConfig(circularDraft, config);
    expect(JSON.stringify(parsed)).toContain(problem);
    expect(circularDraft.config.safeParse(config).success).toBe(false);
  });
});
