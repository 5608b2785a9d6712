import type { Datapoint, DatapointKind, Fields } from '../model/datapoint.js';
import { lightCurvePlot } from './light-curve-plot.js';

/** 2018-08-19, midnight. */
const JD = 2458349.5;

function point(kind: DatapointKind, days: number, band: string, body: Fields): Datapoint {
  return { id: `${days}${band}`, kind, jd: JD + days, band, tags: [], body };
}

describe('a light curve in letters', () => {
  const size = { columns: 47, rows: 5 };

  it('has faint points below, limits as v, bands by their letter and the dates under it', () => {
    const points = [
      point('upperLimit', 0, 'r', { diffmaglim: 20 }),
      point('detection', 10, 'g', { magpsf: 19 }),
      point('detection', 20, 'r', { magpsf: 18 }),
    ];
    expect(lightCurvePlot(points, size)).toEqual([
      '18.00 |                                       r',
      '      |',
      '      |                    g',
      '19.50 |',
      '      |v',
      '      +----------------------------------------',
      '       2018-08-19     2018-08-29     2018-09-08',
    ]);
  });

  it('shows a detection where a limit falls on the same place, and a star for two bands', () => {
    const ends = [point('detection', 0, 'i', { magpsf: 18 }), point('detection', 20, 'i', { magpsf: 20 })];
    const limit = point('upperLimit', 10, 'r', { diffmaglim: 19 });
    const g = point('detection', 10, 'g', { magpsf: 19 });
    const r = point('detection', 10, 'r', { magpsf: 19 });
    const middle = (points: Datapoint[]): string | undefined => lightCurvePlot([...ends, ...points], size)[2]?.at(-1);
    expect(middle([limit])).toBe('v');
    expect(middle([limit, g])).toBe('g');
    expect(middle([g, limit])).toBe('g');
    expect(middle([g, g])).toBe('g');
    expect(middle([g, r, limit])).toBe('*');
  });

  it('tells a source fainter than the reference from a brighter one', () => {
    const rows = lightCurvePlot([point('detection', 0, 'g', { magpsf: 18, isdiffpos: 'f' })], size);
    expect(rows[2]).toBe(`      |${' '.repeat(20)}-`);
  });

  it('of one night has one point in the middle, under it the night', () => {
    const rows = lightCurvePlot([point('detection', 0.75, 'g', { magpsf: 18.25 })], size);
    expect(rows).toHaveLength(7);
    expect(rows[0]).toBe('18.00 |');
    expect(rows[2]).toBe(`      |${' '.repeat(20)}g`);
    expect(rows.at(-1)?.trim()).toMatch(/^2018-08-19 +2018-08-20$/);
  });

  it('is empty without magnitudes', () => {
    expect(lightCurvePlot([])).toEqual([]);
    expect(lightCurvePlot([point('detection', 0, 'g', { magpsf: null })])).toEqual([]);
  });
});
