import {
  fitAt,
  minimumOf,
  type Bounds,
  type Curve,
  type Fit,
  type Measurements,
  type Minimum,
} from './least-squares.js';
import { propagated } from './polynomial.js';

/**
 * The curve of Bazin et al. (2009, A&A 499, 653, eq. 1) for the flux of a transient:
 * A exp(-(t - t0)/τ_fall) / (1 + exp(-(t - t0)/τ_rise)) + B. Parameters: A, t0, τ_rise, τ_fall, B.
 */
export const bazin: Curve = {
  value(t, [amplitude = 0, t0 = 0, rise = 1, fall = 1, base = 0]) {
    return amplitude * shape(t - t0, rise, fall).value + base;
  },
  gradient(t, [amplitude = 0, t0 = 0, rise = 1, fall = 1]) {
    const u = t - t0;
    const { value, below } = shape(u, rise, fall);
    return [
      value,
      amplitude * value * (1 / fall - below / rise),
      (-amplitude * value * below * u) / rise ** 2,
      (amplitude * value * u) / fall ** 2,
      1,
    ];
  },
};

/** Shape of amplitude 1, without an overflow long before t0; `below`: how much of the logistic step is still to come. */
function shape(u: number, rise: number, fall: number): { readonly value: number; readonly below: number } {
  if (u >= 0) {
    const e = Math.exp(-u / rise);
    return { value: Math.exp(-u / fall) / (1 + e), below: e / (1 + e) };
  }
  const e = Math.exp(u / rise);
  return { value: Math.exp(u / rise - u / fall) / (1 + e), below: 1 / (1 + e) };
}

/** The top of a curve, with one standard deviation each: days and flux. */
export interface Peak {
  readonly t: number;
  readonly tErr: number;
  readonly value: number;
  readonly valueErr: number;
}

/**
 * Where the curve is highest: t0 + τ_rise ln(τ_fall/τ_rise - 1), with errors to first order; undefined where it has no top
 * (τ_fall ≤ τ_rise).
 */
export function bazinPeak({ parameters, covariance }: Pick<Fit, 'parameters' | 'covariance'>): Peak | undefined {
  const [, t0 = 0, rise = 1, fall = 1] = parameters;
  if (fall <= rise) return undefined;
  const ratio = fall / rise - 1;
  const t = t0 + rise * Math.log(ratio);
  const tGradient = [0, 1, Math.log(ratio) - fall / (rise * ratio), 1 / ratio, 0];
  // At the top the curve does not change with t.
  const valueGradient = bazin.gradient(t, parameters);
  return {
    ...{ t, tErr: propagated(tGradient, covariance) },
    ...{ value: bazin.value(t, parameters), valueErr: propagated(valueGradient, covariance) },
  };
}

/** Rise and decline of a start (days): from a flash to a supernova that stays for months. */
const STARTS: readonly (readonly [rise: number, fall: number])[] = [
  [1, 8],
  [3, 25],
  [3, 70],
  [12, 25],
  [12, 70],
];

/**
 * Best of five fits that begin with their top at the brightest measurement, with rises of 1 to 12 days and declines of 8 to 70.
 * Times in days. Bounds keep t0 within one length of the light curve of it, τ_rise within 0.05 and 300 days, τ_fall within 0.1
 * and 2000, B within one height of the curve of its floor, which is 0 or the least flux. Undefined where none converges, or where
 * the measurements do not determine the best, as without any of the rise.
 */
export function fitBazin(measurements: Measurements): Fit | undefined {
  const { x, y } = measurements;
  const brightest = x[y.indexOf(Math.max(...y))] ?? Number.NaN;
  const floor = Math.min(0, ...y);
  const height = Math.max(...y) - floor;
  const [first, last] = [Math.min(...x), Math.max(...x)];
  const span = Math.max(last - first, 1);
  const bounds: Bounds = [
    [0, 100 * height],
    [first - span, last + span],
    [0.05, 300],
    [0.1, 2000],
    [floor - height, floor + height],
  ];
  let best: Minimum | undefined;
  for (const [rise, fall] of STARTS) {
    const beforePeak = rise * Math.log(fall / rise - 1);
    const amplitude = height / shape(beforePeak, rise, fall).value;
    const found = minimumOf(measurements, bazin, [amplitude, brightest - beforePeak, rise, fall, floor], bounds);
    if (found !== undefined && (best === undefined || found.chi2 < best.chi2)) best = found;
  }
  return best && fitAt(measurements, bazin, best.parameters, bounds);
}
