import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** Measurements: `y` with one standard deviation `sigma` at `x`. */
export interface Measurements {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly sigma: readonly number[];
}

/** A curve with its derivatives by each parameter. */
export interface Curve {
  value(x: number, parameters: readonly number[]): number;
  gradient(x: number, parameters: readonly number[]): readonly number[];
}

/** Least and greatest value of each parameter. */
export type Bounds = readonly (readonly [number, number])[];

/** What the curve does around a place, for the parameters that may move. */
export interface Tangent {
  /** Numbers of these parameters. */
  readonly free: readonly number[];
  /** Square roots of the diagonal of JᵀJ: parameters of very different size make it look singular that is not. */
  readonly scale: readonly number[];
  /** JᵀJ over its scale, with ones on the diagonal; J in units of the errors. */
  readonly normal: Matrix;
  /** Jᵀr over the scale, as a column. */
  readonly right: Matrix;
}

/** Where the parameters are. One at a bound that the measurements would have beyond it may not move. */
export function tangentAt(
  measurements: Measurements,
  curve: Curve,
  parameters: readonly number[],
  bounds?: Bounds,
): Tangent {
  const { normal, right } = linearised(measurements, curve, parameters);
  const free = [...parameters.keys()].filter((i) => {
    const [least, greatest] = boundOf(bounds, i);
    const wish = right[i] ?? 0;
    const value = parameters[i] ?? 0;
    return !(value <= least && wish < 0) && !(value >= greatest && wish > 0);
  });
  // A parameter without influence has no scale.
  const scale = free.map((i) => Math.sqrt(normal[i]?.[i] ?? 0) || 1);
  const scaled = free.map((i, row) =>
    free.map((j, column) => (normal[i]?.[j] ?? 0) / ((scale[row] ?? 1) * (scale[column] ?? 1))),
  );
  const column = free.map((i, row) => (right[i] ?? 0) / (scale[row] ?? 1));
  return { free, scale, normal: new Matrix(scaled), right: Matrix.columnVector(column) };
}

/** JᵀJ and Jᵀr, with J and r in units of the errors. */
function linearised(
  { x, y, sigma }: Measurements,
  curve: Curve,
  parameters: readonly number[],
): { readonly normal: readonly (readonly number[])[]; readonly right: readonly number[] } {
  const normal = parameters.map(() => parameters.map(() => 0));
  const right = parameters.map(() => 0);
  x.forEach((at, n) => {
    const error = sigma[n] ?? Number.NaN;
    const residual = ((y[n] ?? Number.NaN) - curve.value(at, parameters)) / error;
    const gradient = curve.gradient(at, parameters).map((one) => one / error);
    gradient.forEach((one, i) => {
      right[i] = (right[i] ?? 0) + one * residual;
      const row = normal[i] ?? [];
      gradient.forEach((other, j) => (row[j] = (row[j] ?? 0) + one * other));
    });
  });
  return { normal, right };
}

/** How much less chi2 would be at the minimum, if the curve were linear in its parameters. Infinite where that is unknown. */
export function remainingGain({ free, normal, right }: Tangent): number {
  if (free.length === 0) return 0;
  const step = solved(normal, right);
  return step === undefined ? Infinity : right.dot(step);
}

/** One step of damped least squares, which ends at the bounds. Undefined where none can be computed. */
export function stepped(
  { free, scale, normal, right }: Tangent,
  parameters: readonly number[],
  damping: number,
  bounds?: Bounds,
): readonly number[] | undefined {
  const step = solved(Matrix.add(normal, Matrix.eye(free.length).mul(damping)), right);
  if (step === undefined) return undefined;
  const next = [...parameters];
  free.forEach((i, row) => (next[i] = (next[i] ?? 0) + step.get(row, 0) / (scale[row] ?? 1)));
  return clamped(next, bounds);
}

/** Solution of linear equations; undefined where the matrix is not positive definite. */
export function solved(matrix: Matrix, right: Matrix): Matrix | undefined {
  if (!matrix.to1DArray().every(Number.isFinite)) return undefined;
  const decomposed = new CholeskyDecomposition(matrix);
  if (!decomposed.isPositiveDefinite()) return undefined;
  const solution = decomposed.solve(right);
  return solution.to1DArray().every(Number.isFinite) ? solution : undefined;
}

function boundOf(bounds: Bounds | undefined, parameter: number): readonly [number, number] {
  return bounds?.[parameter] ?? [-Infinity, Infinity];
}

/** The parameters, or the bound where one is beyond. */
export function clamped(parameters: readonly number[], bounds: Bounds | undefined): readonly number[] {
  return parameters.map((value, i) => {
    const [least, greatest] = boundOf(bounds, i);
    return Math.min(Math.max(value, least), greatest);
  });
}

/** Sum of the squares of the residuals over their errors. */
export function chi2Of({ x, y, sigma }: Measurements, curve: Curve, parameters: readonly number[]): number {
  return x.reduce((sum, at, n) => {
    return sum + (((y[n] ?? Number.NaN) - curve.value(at, parameters)) / (sigma[n] ?? Number.NaN)) ** 2;
  }, 0);
}
