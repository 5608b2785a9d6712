import { NO_CLIENTS } from '../no-clients.js';
import { parseConfig } from '../parse-config.js';
import {
  composed,
  datapoints,
  NUMBER,
  object,
  occasion,
  point,
  summarized,
  wishes,
  withPoints,
  wrongLines,
} from '../../test/drafted-circular.js';
import { circularDraft } from './circular-draft.js';

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
    expect(text).toContain('(the\nfirst 3 of 1200 objects):');
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
