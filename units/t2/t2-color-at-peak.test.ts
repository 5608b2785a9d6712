import type { z } from 'zod';
import type { Datapoint } from '../../model/datapoint.js';
import type { LightCurve } from '../../model/t2-input.js';
import { t2ColorAtPeak } from './t2-color-at-peak.js';

const JD = 2459000.5;

function point(days: number, band: string, magpsf: number, sigmapsf = 0.03, isdiffpos = 't'): Datapoint {
  const body = { magpsf, sigmapsf, isdiffpos };
  return { id: `${days}${band}`, kind: 'detection', jd: JD + days, band, tags: ['ZTF'], body };
}

function colour(points: readonly Datapoint[], config: object = {}): z.output<typeof t2ColorAtPeak.result> {
  const curve: LightCurve = { objectId: 'ZTF18abxhyqv', stock: '1', link: '1', datapoints: points };
  return t2ColorAtPeak.run(curve, t2ColorAtPeak.config.parse(config));
}

describe('the colour at the peak', () => {
  it('is that of the brightest detection and the other band interpolated to it', () => {
    const points = [point(-2, 'g', 19), point(0, 'r', 18, 0.04), point(1, 'g', 18.7, 0.06), point(3, 'r', 18.2)];
    // g at the peak is a third of the first and two thirds of the second: 18.8 ± hypot(0.01, 0.04).
    const found = colour(points);
    expect(found).toMatchObject({ jd_peak: JD, mag_peak: 18, band_peak: 'r' });
    expect(found.color).toBeCloseTo(0.8, 10);
    expect(found.color_err).toBeCloseTo(Math.sqrt(0.01 ** 2 + 0.04 ** 2 + 0.04 ** 2), 10);
  });

  it('takes the nearest point where all are on one side, and negative ones for nothing', () => {
    const points = [point(0, 'g', 18), point(1, 'r', 18.5), point(2, 'r', 18.6), point(0.5, 'r', 15, 0.03, 'f')];
    expect(colour(points).color).toBeCloseTo(-0.5, 10);
  });

  it.each([
    [[point(0, 'g', 18), point(4, 'r', 18.5)], {}, 'no detection in r within 3 days of the peak'],
    [[point(0, 'i', 18)], {}, 'no detection in g or r'],
    [[point(0, 'g', 18), point(1, 'r', 18.5)], { blue: 'r', red: 'i' }, 'no detection in i within 3 days of the peak'],
  ])('is none without both bands', (points, config, message) => {
    expect(() => colour(points, config)).toThrow(message);
  });
});
