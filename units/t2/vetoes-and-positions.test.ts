import type { Datapoint, DatapointKind, Fields } from '../../model/datapoint.js';
import { t2BrighteningTrend } from './t2-brightening-trend.js';
import { t2ObjectFacts } from './t2-object-facts.js';
import { t2SkyPosition } from './t2-sky-position.js';
import { t2SolarSystemVeto } from './t2-solar-system-veto.js';
import { t2StarGalaxyVeto } from './t2-star-galaxy-veto.js';

const JD = 2459000.5;
const SUBJECT = { objectId: 'ZTF18abxhyqv', stock: '360504273' };

function point(days: number, body: Fields, kind: DatapointKind = 'detection'): Datapoint {
  return { id: String(days), kind, jd: JD + days, band: 'r', tags: ['ZTF'], body };
}

describe('the position of a state', () => {
  const run = (datapoints: Datapoint[], config: object = {}): object =>
    t2SkyPosition.run({ ...SUBJECT, link: '1', datapoints }, t2SkyPosition.config.parse(config));
  const points = [
    ...[point(0, { ra: 10, dec: 0 }), point(1, { ra: 10, dec: 2 / 3600 }), point(2, { diffmaglim: 20 }, 'upperLimit')],
    ...[point(3, { ra: 10, dec: 4 / 3600, isdiffpos: 'f' }), point(4, { ra: null, dec: null })],
  ];

  it('is the mean of its detections, with their scatter', () => {
    const found = run(points);
    expect(found).toMatchObject({ positions: 3, ra: 10 });
    expect(found).toHaveProperty('farthest', expect.closeTo(2, 6));
    expect(found).toHaveProperty('scatter', expect.closeTo(Math.sqrt(8 / 3), 6));
    expect(run(points, { exclude_negative: true })).toMatchObject({ positions: 2 });
  });

  it('is none without a detection that has one', () => {
    expect(() => run([point(0, { diffmaglim: 20 }, 'upperLimit')])).toThrow('no detection with a position');
  });
});

describe('the facts of an object', () => {
  it('are its place and when it was seen', () => {
    const input = { ...SUBJECT, position: { ra: 83.6331, dec: 22.0145 }, firstSeenJd: JD, lastSeenJd: JD + 1 };
    expect(t2ObjectFacts.run(input, {})).toEqual({
      ...{ name: 'ZTF18abxhyqv', ra: 83.6331, dec: 22.0145, first_seen_jd: JD, last_seen_jd: JD + 1 },
      // Golden values: astropy 8.0.
      ...{
        gal_l: expect.closeTo(184.5574661924734, 9) as unknown,
        gal_b: expect.closeTo(-5.784343652078103, 9) as unknown,
      },
    });
  });
});

describe('the nearest source of PanSTARRS', () => {
  it.each([
    [
      { sgscore1: 0.95, distpsnr1: 0.4 },
      { source: 'star', score: 0.95, distance: 0.4, veto: true },
    ],
    [
      { sgscore1: 0.1, distpsnr1: 0.4 },
      { source: 'galaxy', veto: false },
    ],
    [
      { sgscore1: 0.5, distpsnr1: 0.4 },
      { source: 'unclear', veto: false },
    ],
    [
      { sgscore1: 0.95, distpsnr1: 1.6 },
      { source: 'none', score: 0.95, distance: 1.6, veto: false },
    ],
    [
      { sgscore1: -999, distpsnr1: -999 },
      { source: 'none', score: null, distance: null, veto: false },
    ],
    [
      { sgscore1: null, distpsnr1: null },
      { source: 'none', veto: false },
    ],
  ])('is judged by its score where it is near: %j', (body, expected) => {
    const config = t2StarGalaxyVeto.config.parse({});
    expect(t2StarGalaxyVeto.run({ ...SUBJECT, datapoint: point(0, body) }, config)).toMatchObject(expected);
  });

  it('is not known of a point that came with the history of a later alert', () => {
    const config = t2StarGalaxyVeto.config.parse({});
    expect(() => t2StarGalaxyVeto.run({ ...SUBJECT, datapoint: point(7, { magpsf: 18 }) }, config)).toThrow(
      'datapoint 7 has no star-galaxy score',
    );
  });
});

describe('something that may move', () => {
  const asteroid = { ssdistnr: 1.5, ssmagnr: 18.2, ssnamenr: '1996AB3', magpsf: 18 };
  const alone = { ssdistnr: -999, ssmagnr: -999, ssnamenr: 'null', magpsf: 18 };
  const run = (datapoints: Datapoint[]): object =>
    t2SolarSystemVeto.run({ ...SUBJECT, link: '1', datapoints }, t2SolarSystemVeto.config.parse({}));

  it('lies on a known object and was never seen there again', () => {
    expect(run([point(0, asteroid)])).toEqual({
      ...{ detections: 1, on_known: 1, names: ['1996AB3'], is_stationary: false, veto: true },
    });
  });

  it('is none where it was seen before, or where the known object is too faint or too far', () => {
    expect(run([point(-2, alone), point(-1, alone), point(0, asteroid)])).toMatchObject({
      is_stationary: true,
      veto: false,
    });
    expect(run([point(0, { ...asteroid, ssmagnr: 21 })])).toMatchObject({ on_known: 0, veto: false });
    expect(run([point(0, { ...asteroid, ssdistnr: 12 })])).toMatchObject({ on_known: 0, veto: false });
  });

  it('is not stationary for two exposures of a few minutes', () => {
    expect(run([point(0, alone), point(0.01, alone)])).toMatchObject({ is_stationary: false, veto: false });
    expect(run([point(0, alone), point(0.02, alone)])).toMatchObject({ is_stationary: true });
    expect(() => run([point(0, { diffmaglim: 20 }, 'upperLimit')])).toThrow('no detection');
  });
});

describe('the trend over an object’s states', () => {
  const state = (days: number, mag: number): { link: string; body: Record<string, number> } => ({
    link: String(days),
    body: { jd_last: JD + days, mag_last: mag },
  });
  const run = (results: ReturnType<typeof state>[]): object =>
    t2BrighteningTrend.run({ ...SUBJECT, link: '1', datapoints: [] }, {}, { T2RiseDeclineStat: results });

  it('is a line through the last magnitudes', () => {
    expect(run([state(0, 19), state(1, 18.5), state(2, 18)])).toEqual({
      ...{ states: 3, days: 2, brightened: 1, slope: expect.closeTo(-0.5, 10) as unknown, is_record: true },
    });
    expect(run([state(0, 19), state(1, 18), state(3, 18.7)])).toMatchObject({ is_record: false });
  });

  it('has no slope at one time, and is none without magnitudes', () => {
    expect(run([state(0, 19)])).toMatchObject({ states: 1, days: 0, brightened: 0, slope: null });
    expect(() => run([])).toThrow('no state has magnitudes');
  });
});
