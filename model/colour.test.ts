import fc from 'fast-check';
import { colourOf, magnitudeAt } from './colour.js';
import type { Magnitude } from './measured-brightness.js';

const JD = 2459000.5;
const point = (days: number, mag: number, magErr = 0.1): Magnitude => ({ jd: JD + days, mag, magErr });

describe('the magnitude of a band at a time', () => {
  const points = [point(0, 18), point(4, 19, 0.3)];

  it('lies between its neighbours, with the error of the weighted sum', () => {
    const found = magnitudeAt(points, JD + 1, 3);
    expect(found?.mag).toBeCloseTo(18.25, 10);
    expect(found?.magErr).toBeCloseTo(Math.hypot(0.75 * 0.1, 0.25 * 0.3), 10);
    expect(magnitudeAt(points, JD + 4, 5)).toEqual({ mag: 19, magErr: 0.3 });
  });

  it('is that of the nearest where the other side has none within the window, and nothing far from all', () => {
    expect(magnitudeAt(points, JD - 1, 3)).toEqual({ mag: 18, magErr: 0.1 });
    expect(magnitudeAt(points, JD + 2.5, 2)).toEqual({ mag: 19, magErr: 0.3 });
    expect(magnitudeAt(points, JD + 10, 3)).toBeUndefined();
  });

  it('moves with the points in time and stays between them', () => {
    fc.assert(
      fc.property(fc.integer({ min: -4000, max: 4000 }), fc.integer({ min: 0, max: 16 }), (shift, quarter) => {
        const days = quarter / 4;
        const moved = points.map((one) => ({ ...one, jd: one.jd + shift }));
        const found = magnitudeAt(moved, JD + shift + days, 5);
        expect(found?.mag).toBeCloseTo(18 + days / 4, 8);
        expect(found).toEqual(magnitudeAt(points, JD + days, 5));
      }),
    );
  });
});

describe('a colour', () => {
  it('is blue less red, and none without both', () => {
    const found = colourOf({ mag: 18.5, magErr: 0.03 }, { mag: 18, magErr: 0.04 });
    expect(found?.colour).toBeCloseTo(0.5, 10);
    expect(found?.colourErr).toBeCloseTo(0.05, 10);
    expect(colourOf(undefined, { mag: 18, magErr: 0.04 })).toBeUndefined();
  });
});
