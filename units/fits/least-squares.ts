import { Matrix } from 'ml-matrix';
import {
  chi2Of,
  clamped,
  remainingGain,
  solved,
  stepped,
  tangentAt,
  type Bounds,
  type Curve,
  type Measurements,
} from './curve-tangent.js';

export type { Bounds, Curve, Measurements } from './curve-tangent.js';

/** A minimum with what the measurements say of it. */
export interface Fit {
  readonly parameters: readonly number[];
  /**
   * Of the parameters, from the errors as they are given: the inverse of JᵀJ. That of the others with those of `held` fixed,
   * whose rows and columns are 0.
   */
  readonly covariance: readonly (readonly number[])[];
  readonly chi2: number;
  /** Measurements less parameters. */
  readonly dof: number;
  /** Parameters, by number, that stand at a bound and that the measurements would have beyond it. */
  readonly held: readonly number[];
}

const MOST_STEPS = 500;
/**
 * What a step without damping may still take off chi2 before the last one, absolutely and relatively: parameters are then
 * within a hundred-thousandth of their errors.
 */
const LEAST_GAIN = 1e-10;
const LEAST_RELATIVE_GAIN = 1e-14;
const FIRST_DAMPING = 1e-3;
const LEAST_DAMPING = 1e-12;
const MOST_DAMPING = 1e12;
/** Variance of a parameter over the one that it would have alone: beyond, numbers tell nothing any more. */
const MOST_CORRELATED = 1e12;

/** Where the search ended. */
export interface Minimum {
  readonly parameters: readonly number[];
  readonly chi2: number;
}

/** Weighted least squares: the minimum and its covariance. Undefined where there is none, or no covariance. */
export function leastSquares(
  measurements: Measurements,
  curve: Curve,
  start: readonly number[],
  bounds?: Bounds,
): Fit | undefined {
  const minimum = minimumOf(measurements, curve, start, bounds);
  return minimum && fitAt(measurements, curve, minimum.parameters, bounds);
}

/**
 * The minimum of chi2 after Levenberg and Marquardt (Marquardt 1963, SIAM J. Appl. Math. 11, 431), damped by the diagonal of
 * JᵀJ. Steps end at the bounds; a parameter that would leave them is held there while the others are fitted. Undefined with
 * fewer measurements than parameters, with one that is no number, and where it does not converge within 500 steps. Deterministic.
 */
export function minimumOf(
  measurements: Measurements,
  curve: Curve,
  start: readonly number[],
  bounds?: Bounds,
): Minimum | undefined {
  if (measurements.x.length < start.length) return undefined;
  let parameters = clamped(start, bounds);
  let chi2 = chi2Of(measurements, curve, parameters);
  let tangent = tangentAt(measurements, curve, parameters, bounds);
  let damping = FIRST_DAMPING;
  for (let step = 0; step < MOST_STEPS; step++) {
    if (!Number.isFinite(chi2)) return undefined;
    if (remainingGain(tangent) <= LEAST_GAIN + LEAST_RELATIVE_GAIN * chi2) {
      // The last step is too short to be seen in chi2.
      const last = stepped(tangent, parameters, 0, bounds) ?? parameters;
      return { parameters: last, chi2: chi2Of(measurements, curve, last) };
    }
    // Nothing around is better: this is the minimum, as far as numbers tell.
    if (damping > MOST_DAMPING) return { parameters, chi2 };
    const next = stepped(tangent, parameters, damping, bounds);
    const nextChi2 = next === undefined ? Number.NaN : chi2Of(measurements, curve, next);
    if (next === undefined || !(nextChi2 < chi2)) {
      damping *= 10;
      continue;
    }
    parameters = next;
    chi2 = nextChi2;
    tangent = tangentAt(measurements, curve, parameters, bounds);
    damping = Math.max(damping / 10, LEAST_DAMPING);
  }
  return undefined;
}

/** A minimum with its covariance. Undefined where the measurements do not determine the parameters. */
export function fitAt(
  measurements: Measurements,
  curve: Curve,
  parameters: readonly number[],
  bounds?: Bounds,
): Fit | undefined {
  const chi2 = chi2Of(measurements, curve, parameters);
  if (!Number.isFinite(chi2)) return undefined;
  const { free, scale, normal } = tangentAt(measurements, curve, parameters, bounds);
  const inverse = free.length === 0 ? new Matrix(0, 0) : solved(normal, Matrix.eye(free.length));
  if (!inverse?.diagonal().every((variance) => variance < MOST_CORRELATED)) return undefined;
  const covariance = parameters.map(() => parameters.map(() => 0));
  free.forEach((i, row) => {
    const line = covariance[i] ?? [];
    free.forEach((j, column) => (line[j] = inverse.get(row, column) / ((scale[row] ?? 1) * (scale[column] ?? 1))));
  });
  if (!covariance.flat().every(Number.isFinite)) return undefined;
  const held = [...parameters.keys()].filter((i) => !free.includes(i));
  return { parameters, covariance, chi2, dof: measurements.x.length - parameters.length, held };
}
