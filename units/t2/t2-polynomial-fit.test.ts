import fc from 'fast-check';
import type { z } from 'zod';
import type { Datapoint } from '../../model/datapoint.js';
import { checkedResult } from '../run-t2.js';
import { t2PolynomialFit } from './t2-polynomial-fit.js';

const JD = 2459000.5;

function point(days: number, magpsf: number, band = 'r', startJd = JD): Datapoint {
  const body = { magpsf, sigmapsf: 0.05, isdiffpos: 't' };
  return { id: `${days}${band}`, kind: 'detection', jd: startJd + days, band, tags: ['ZTF'], body };
}

function fit(datapoints: readonly Datapoint[], config: object = {}): z.output<typeof t2PolynomialFit.result> {
  const curve = { objectId: 'ZTF18abxhyqv', stock: '1', link: '1', datapoints };
  const result = t2PolynomialFit.run(curve, t2PolynomialFit.config.parse(config));
  checkedResult(t2PolynomialFit, result);
  return result;
}

const DAYS = [0, 3, 6, 9, 12, 15, 18];

describe('a polynomial through a light curve', () => {
  it('is the line that made it, in days from its last point', () => {
    const { r } = fit(DAYS.map((days) => point(days, 18 + 0.1 * days)));
    expect(r).toMatchObject({ points: 7, reference_jd: JD + 18, dof: 5 });
    expect(r?.coefficients[0]).toBeCloseTo(19.8, 10);
    expect(r?.coefficients[1]).toBeCloseTo(0.1, 10);
    expect(r?.chi2).toBeCloseTo(0, 10);
    // 0.05 mag over the square root of Σ(t - mean)² = 252 d².
    expect(Math.sqrt(r?.covariance[1]?.[1] ?? 0)).toBeCloseTo(0.05 / Math.sqrt(252), 10);
    expect(r).not.toHaveProperty('peak_jd');
  });

  it('is the parabola that made it, whatever its peak and wherever it stands in time', () => {
    const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    const curvature = number(1e-3, 1e-2);
    fc.assert(
      fc.property(
        number(2, 16),
        number(15, 20),
        curvature,
        fc.integer({ min: -4000, max: 4000 }),
        (t, mag, c, shift) => {
          const points = DAYS.map((days) => point(days, mag + c * (days - t) ** 2, 'r', JD + shift));
          const { r } = fit(points, { degree: 2 });
          expect(r?.peak_jd).toBeCloseTo(JD + shift + t, 5);
          expect(r?.peak_mag).toBeCloseTo(mag, 7);
          expect(r?.coefficients[2]).toBeCloseTo(c, 9);
          expect(r?.peak_jd_err).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('has no peak where it bends the other way: a minimum of light', () => {
    const { r } = fit(
      DAYS.map((days) => point(days, 18 - 0.01 * (days - 9) ** 2)),
      { degree: 2 },
    );
    expect(r?.coefficients[2]).toBeCloseTo(-0.01, 9);
    expect(r).not.toHaveProperty('peak_jd');
  });

  it('is that of the rise, of the decline or of the last days of each band', () => {
    const tent = DAYS.flatMap((days) => [point(days, 18 + 0.1 * Math.abs(days - 9)), point(days, 19, 'g')]);
    const slope = (config: object): string | undefined => fit(tent, config)['r']?.coefficients[1]?.toFixed(9);
    expect(slope({ part: 'rise' })).toBe('-0.100000000');
    expect(slope({ part: 'decline' })).toBe('0.100000000');
    expect(slope({ window: 6 })).toBe('0.100000000');
    expect(fit(tent)['g']?.coefficients[1]).toBeCloseTo(0, 10);
  });

  it('is none with no more points than coefficients, or with all of them in one exposure', () => {
    expect(() => fit(DAYS.slice(0, 2).map((days) => point(days, 18)))).toThrow('no band has 3 points');
    expect(() => fit([18, 18.1, 18.2].map((mag) => point(0, mag)))).toThrow('at different times');
    expect(() =>
      fit(
        DAYS.slice(0, 3).map((days) => point(days, 18)),
        { degree: 2 },
      ),
    ).toThrow('a fit of degree 2');
  });
});
