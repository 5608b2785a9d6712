import { logger as vegaLogger, None, type LoggerInterface } from 'vega';
import { compile } from 'vega-lite';
import type { Datapoint, DatapointKind, Fields } from '../model/datapoint.js';
import { lightCurveSpec, lightCurveSvg, type LightCurve } from './light-curve.js';

/** 2018-08-19, midnight: MJD 58349. */
const JD = 2458349.5;

function point(kind: DatapointKind, days: number, band: string, body: Fields, survey = 'ZTF'): Datapoint {
  return { id: `${survey}${kind}${days}${band}`, kind, jd: JD + days, band, tags: [survey], body };
}

const DETECTION = point('detection', 0, 'g', { magpsf: 18.5, sigmapsf: 0.25 });
const BRIGHTER = point('detection', 10, 'r', { magpsf: 17, sigmapsf: 0.1 });
const LIMIT = point('upperLimit', -5, 'g', { diffmaglim: 20 });

interface Mark {
  readonly label: string;
  readonly fill: string;
  readonly x: number;
  readonly y: number;
  /** Draws it, in pixels. */
  readonly path: string;
}

/** Points of a light curve that have a description for who cannot see them: all but holes and rings. */
function marksOf(svg: string): Mark[] {
  const found = svg.matchAll(
    /<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="point" transform="translate\(([-\d.]+),([-\d.]+)\)" d="([^"]*)" fill="([^"]*)"/g,
  );
  return Array.from(found, ([, label = '', x, y, path = '', fill = '']) => ({
    ...{ label, fill, path, x: Number(x), y: Number(y) },
  })).filter(({ label }) => label.includes('series: '));
}

async function drawn(curve: Partial<LightCurve>): Promise<{ svg: string; marks: Mark[]; texts: string[] }> {
  const svg = await lightCurveSvg({ name: 'ZTF18abxhyqv', datapoints: [], ...curve });
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  const texts = Array.from(svg.matchAll(/<(?:text|tspan)[^>]*>([^<]+)</g), ([, text = '']) => text);
  return { svg, marks: marksOf(svg), texts };
}

describe('the picture of a light curve', () => {
  it('has a mark for each point, bright ones above, later ones right, and says what the axes are', async () => {
    const { marks, texts } = await drawn({ datapoints: [DETECTION, BRIGHTER, LIMIT] });
    expect(marks.map(({ label }) => label.replace(/^.*?: /, ''))).toEqual([
      expect.stringMatching(/^58344; .*: 20; band: g; series: ZTF upper limit$/),
      expect.stringMatching(/^58349; .*: 18\.5; band: g; series: ZTF detection$/),
      expect.stringMatching(/^58359; .*: 17; band: r; series: ZTF detection$/),
    ]);
    const [limit, faint, bright] = marks;
    expect([limit?.y, faint?.y, bright?.y]).toEqual(
      [limit?.y, faint?.y, bright?.y].toSorted((a, b) => (b ?? 0) - (a ?? 0)),
    );
    expect(limit?.x).toBeLessThan(faint?.x ?? 0);
    expect(faint?.x).toBeLessThan(bright?.x ?? 0);
    expect(texts).toEqual(
      expect.arrayContaining([
        ...['ZTF18abxhyqv', '2 detections, 1 upper limit', 'Difference magnitude (AB)', 'MJD (UTC, days) and UTC date'],
        ...['58350', '2018-08-20', 'band', 'g', 'r', 'ZTF detection', 'ZTF upper limit'],
      ]),
    );
  });

  it('has error bars of one standard deviation to each side', async () => {
    const { svg, marks } = await drawn({ datapoints: [DETECTION, BRIGHTER] });
    const bars = Array.from(
      svg.matchAll(
        /<line transform="translate\(([-\d.]+),([-\d.]+)\)" x2="0" y2="([-\d.]+)" stroke="#[^"]*" stroke-width="1.2"/g,
      ),
      ([, x, y, length]) => ({
        x: Number(x),
        middle: Number(y) + Number(length) / 2,
        length: Math.abs(Number(length)),
      }),
    );
    expect(bars).toHaveLength(2);
    const perMagnitude = Math.abs((marks[0]?.y ?? 0) - (marks[1]?.y ?? 0)) / 1.5;
    expect(bars[0]?.length).toBeCloseTo(0.5 * perMagnitude, 1);
    expect(bars[0]?.middle).toBeCloseTo(marks[0]?.y ?? 0, 1);
    expect(bars[1]?.length).toBeCloseTo(0.2 * perMagnitude, 1);
  });

  it('tells surveys apart by shape, bands by colour, what is forced or negative by holes', async () => {
    const lsst = { psfFlux: 10_000, psfFluxErr: 500 };
    const { marks, texts } = await drawn({
      datapoints: [
        DETECTION,
        point('detection', 1, 'g', lsst, 'LSST'),
        point('forced', 2, 'g', lsst, 'LSST'),
        point('detection', 3, 'g', { ...lsst, psfFlux: -10_000 }, 'LSST'),
        point('detection', 4, 'y', lsst, 'LSST'),
      ],
    });
    const pieces = marks.map(({ path }) => path.match(/M/g)?.length);
    expect(pieces).toEqual([1, 1, 2, 3, 1]);
    const [ztf, own, , , y] = marks;
    expect(ztf?.path).toContain('C');
    expect(own?.path).not.toContain('C');
    expect(own?.path).toBe(y?.path);
    expect(ztf?.fill).toBe(own?.fill);
    expect(y?.fill).not.toBe(own?.fill);
    expect(texts).toEqual(
      expect.arrayContaining(['LSST forced photometry', 'LSST fainter than reference', 'ZTF detection']),
    );
  });

  it('makes a limit of forced photometry that is lost in its noise', async () => {
    const noise = { forcediffimflux: 10, forcediffimfluxunc: 10, magzpsci: 26 };
    const flux = { ...noise, forcediffimflux: 100 };
    const { marks } = await drawn({ datapoints: [point('forced', 0, 'g', noise), point('forced', 1, 'g', flux)] });
    expect(marks.map(({ label }) => /\(AB\): (.*)$/.exec(label)?.[1])).toEqual([
      // Five times the noise: 26 - 2.5 log10 50.
      expect.stringMatching(/^21\.752.*; band: g; series: ZTF upper limit$/),
      '21; band: g; series: ZTF forced photometry',
    ]);
  });

  it('draws models as lines that are cut where they have no value, and rings what a decision used', async () => {
    const points = [0, 1, 2, 3, 4, 5].map((days) => [JD + days, days === 2 ? NaN : 18 + days / 10] as const);
    const { svg, texts } = await drawn({
      datapoints: [DETECTION, BRIGHTER],
      curves: [{ band: 'g', points }],
      used: [BRIGHTER.id, 'of-another-object'],
    });
    expect(svg.match(/aria-roledescription="line mark"/g)).toHaveLength(2);
    expect(svg.match(/stroke="black"/g)).toHaveLength(1);
    expect(texts).toContain('2 detections, ringed: used by the decision');
  });
});

describe('a light curve of little use', () => {
  it('without points says so', async () => {
    const { texts, marks } = await drawn({ datapoints: [] });
    expect({ texts, marks }).toEqual({ texts: ['no data', 'ZTF18abxhyqv'], marks: [] });
  });

  it('says how many points have nothing to draw: none, NaN, or no magnitude of this sky', async () => {
    const bad = [null, NaN, Infinity, 99, -999].map((magpsf, index) => point('detection', index, 'g', { magpsf }));
    const alone = await drawn({ datapoints: bad });
    expect(alone.texts).toEqual(expect.arrayContaining(['5 without a magnitude to show', 'no data']));
    const { texts, marks } = await drawn({ datapoints: [...bad, { ...DETECTION, jd: NaN }, BRIGHTER] });
    expect(texts).toContain('1 detection, 6 without a magnitude to show');
    expect(marks).toHaveLength(1);
  });

  it('of one point stands in the middle of a day, with the time', async () => {
    const { marks, texts } = await drawn({ datapoints: [DETECTION] });
    expect(marks).toMatchObject([{ x: 380, y: 220 }]);
    expect(texts).toEqual(expect.arrayContaining(['58349.0', '2018-08-19', '00:00']));
  });

  it('of ten years, with errors of many magnitudes, keeps its points apart', async () => {
    const datapoints = [0, 900, 3650].map((days) =>
      point('detection', days, 'r', { magpsf: 12 + days / 500, sigmapsf: days }),
    );
    const { marks, texts } = await drawn({ datapoints });
    expect((marks[2]?.y ?? 0) - (marks[0]?.y ?? 0)).toBeGreaterThan(300);
    expect(texts.filter((text) => /^\d{4}-\d\d-\d\d$/.test(text)).length).toBeGreaterThanOrEqual(4);
  });

  it('keeps its shape with any name', async () => {
    const { texts } = await drawn({ name: '<b>&\u0001"x"</b>', datapoints: [DETECTION] });
    expect(texts).toContain('&lt;b&gt;&amp;\ufffd"x"&lt;/b&gt;');
  });
});

it('draws without a warning of the libraries', () => {
  const warnings: unknown[] = [];
  const logger: LoggerInterface = Object.assign(vegaLogger(None), {
    warn: (...words: unknown[]) => (warnings.push(words), logger),
  });
  compile(lightCurveSpec({ name: 'x', datapoints: [DETECTION, LIMIT] }), { logger });
  expect(warnings).toEqual([]);
});

it('has a spec that says which way the axis of magnitudes runs, with its data inside', () => {
  const spec = JSON.stringify(lightCurveSpec({ name: 'x', datapoints: [DETECTION, LIMIT] }));
  expect(spec).toContain('"reverse":true');
  expect(spec).toContain(`"id":"${DETECTION.id}"`);
});
