import fc from 'fast-check';
import { bazin } from './bazin.js';
import { leastSquares, type Bounds, type Curve, type Measurements } from './least-squares.js';

/** A decline that ends at a floor: f exp(-x/τ) + b. */
const decline: Curve = {
  value: (x, [flux = 0, tau = 1, floor = 0]) => flux * Math.exp(-x / tau) + floor,
  gradient: (x, [flux = 0, tau = 1]) => [Math.exp(-x / tau), (flux * x * Math.exp(-x / tau)) / tau ** 2, 1],
};

const BOUNDS: Bounds = [
  [0, 1e6],
  [0.5, 100],
  [-1000, 1000],
];
const DAYS = Array.from({ length: 25 }, (_, i) => 2 * i);

/** Without noise. */
function measured(sigma: number, truth: readonly number[], x: readonly number[] = DAYS): Measurements {
  return { x, y: x.map((t) => decline.value(t, truth)), sigma: x.map((_, i) => sigma * (1 + (i % 3))) };
}

/** The simulated supernova of bazin.test.ts. */
const SUPERNOVA = {
  x: [
    -12.85, -9.72, -5.36, -5.27, -4.65, -3.91, 0.34, 5.65, 12.67, 21.27, 22.45, 23.35, 23.43, 26.18, 26.53, 30.11,
    31.64, 34.71, 35.28, 44.1, 46.26, 54.62, 56.12, 58.57,
  ],
  y: [
    74.7, 69.4, 283.8, 290.2, 313.4, 331.2, 672.5, 913.1, 911.0, 670.8, 539.6, 591.1, 568.3, 536.2, 481.8, 432.3, 412.1,
    329.6, 365.7, 232.2, 243.3, 127.2, 179.6, 142.2,
  ],
  sigma: [
    34.1, 43.7, 29.4, 52.1, 54.7, 25.2, 38.7, 31.1, 23.3, 55.8, 37.2, 25.9, 46.9, 28.1, 56.1, 28.7, 21.3, 28.0, 33.8,
    38.8, 56.2, 47.9, 33.6, 20.7,
  ],
};

describe('a fit by least squares', () => {
  const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

  it('finds what made a decline without noise, from far away', () => {
    fc.assert(
      fc.property(number(100, 1e5), number(3, 30), number(-50, 50), (flux, tau, floor) => {
        const truth = [flux, tau, floor];
        const fit = leastSquares(measured(1, truth), decline, [1000, 10, 0], BOUNDS);
        truth.forEach((value, i) => {
          const sigma = Math.sqrt(fit?.covariance[i]?.[i] ?? Number.NaN);
          expect(Math.abs((fit?.parameters[i] ?? Number.NaN) - value)).toBeLessThan(1e-4 * sigma);
        });
        expect(fit?.chi2).toBeCloseTo(0, 8);
      }),
    );
  });

  it('has variances that go with the square of the errors, whatever the residuals', () => {
    const [one, ten] = [1, 10].map((sigma) => leastSquares(measured(sigma, [500, 12, 5]), decline, [400, 10, 0]));
    ten?.covariance.flat().forEach((value, n) => {
      expect(value / (one?.covariance.flat()[n] ?? Number.NaN)).toBeCloseTo(100, 4);
    });
  });

  // Golden values: scipy 1.17, curve_fit(…, bounds=…, absolute_sigma=True) for the place; its fit of four parameters with B = 10
  // for the covariance. Without the bound B is 22.9.
  it('ends at a bound where the minimum lies beyond, with the errors of the other parameters', () => {
    const start = [1400, 2, 3, 25, 0];
    const fit = leastSquares(SUPERNOVA, bazin, start, [...start.slice(1).map(() => [0.05, 1e5] as const), [-100, 10]]);
    const sigmas = [47.044166606313475, 0.5637847731733522, 0.22126163801423737, 1.0742026645760625];
    [1497.1977236275534, 1.9165541314409815, 3.7337594440254858, 22.515660820769856].forEach((value, i) => {
      const sigma = sigmas[i] ?? Number.NaN;
      expect(Math.abs((fit?.parameters[i] ?? Number.NaN) - value)).toBeLessThan(1e-4 * sigma);
      expect(Math.sqrt(fit?.covariance[i]?.[i] ?? Number.NaN) / sigma).toBeCloseTo(1, 4);
    });
    expect(fit).toMatchObject({ held: [4], dof: 19 });
    expect(fit?.parameters[4]).toBe(10);
    expect(fit?.covariance[4]).toEqual([0, 0, 0, 0, 0]);
    expect(fit?.chi2).toBeCloseTo(11.863004476650616, 8);
  });

  it('stands in a corner of its bounds where the minimum lies beyond all of them', () => {
    const fit = leastSquares(
      measured(1, [500, 12, 5]),
      decline,
      [100, 5, 0],
      [
        [0, 200],
        [1, 6],
        [-5, 1],
      ],
    );
    expect(fit).toMatchObject({ parameters: [200, 6, 1], held: [0, 1, 2] });
    expect(fit?.covariance.flat()).toEqual(new Array(9).fill(0));
  });

  it('leaves a bound that it began at', () => {
    const fit = leastSquares(
      measured(1, [500, 12, 5]),
      decline,
      [500, 20, 5],
      [
        [500, 1e4],
        [2, 20],
        [-5, 5.5],
      ],
    );
    expect(fit?.parameters[1]).toBeCloseTo(12, 4);
  });

  it('is none with fewer measurements than parameters, with all at one time, or with one that is no number', () => {
    const good = measured(1, [500, 12, 5]);
    expect(leastSquares(measured(1, [500, 12, 5], [1, 2]), decline, [400, 10, 0])).toBeUndefined();
    expect(leastSquares(measured(1, [500, 12, 5], [3, 3, 3, 3]), decline, [400, 10, 0])).toBeUndefined();
    expect(leastSquares({ ...good, y: good.y.with(3, Number.NaN) }, decline, [400, 10, 0])).toBeUndefined();
    expect(leastSquares({ ...good, sigma: good.sigma.with(3, 0) }, decline, [400, 10, 0])).toBeUndefined();
  });

  it('is none where a parameter has no influence', () => {
    const idle: Curve = { value: (x, [a = 0]) => a * x, gradient: (x) => [x, 0] };
    expect(leastSquares(measured(1, [500, 12, 5]), idle, [1, 1])).toBeUndefined();
  });
});
