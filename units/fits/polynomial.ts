import { leastSquares, type Curve, type Fit, type Measurements } from './least-squares.js';

/** Polynomial of any degree: parameters ascending by power. */
const polynomial: Curve = {
  value: (x, parameters) => parameters.reduceRight((sum, coefficient) => sum * x + coefficient, 0),
  gradient: (x, parameters) => parameters.map((_, power) => x ** power),
};

/** Weighted fit of a polynomial, coefficients ascending by power; undefined where the measurements do not determine it. */
export function fitPolynomial(measurements: Measurements, degree: number): Fit | undefined {
  return leastSquares(measurements, polynomial, new Array<number>(degree + 1).fill(0));
}

/** Where a parabola turns, with errors of one standard deviation from its covariance. */
export interface Vertex {
  readonly x: number;
  readonly xErr: number;
  readonly y: number;
  readonly yErr: number;
}

/** Vertex of `c0 + c1 x + c2 x²`, errors to first order; undefined for a straight line. */
export function vertexOf({ parameters, covariance }: Pick<Fit, 'parameters' | 'covariance'>): Vertex | undefined {
  const [c0 = 0, c1 = 0, c2 = 0] = parameters;
  if (c2 === 0) return undefined;
  const x = -c1 / (2 * c2);
  const xGradient = [0, -1 / (2 * c2), c1 / (2 * c2 ** 2)];
  const yGradient = [1, x, x ** 2];
  return { x, xErr: propagated(xGradient, covariance), y: c0 + (c1 * x) / 2, yErr: propagated(yGradient, covariance) };
}

/** Standard deviation of a function of the parameters, to first order. */
export function propagated(gradient: readonly number[], covariance: Fit['covariance']): number {
  let variance = 0;
  gradient.forEach((one, i) => {
    gradient.forEach((other, j) => (variance += one * other * (covariance[i]?.[j] ?? 0)));
  });
  // Rounding may leave a little less than nothing.
  return Math.sqrt(Math.max(variance, 0));
}
