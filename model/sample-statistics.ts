/** Mean of values; NaN of none. */
export function meanOf(values: readonly number[]): number {
  const start = values[0] ?? Number.NaN;
  // From the first value on: a Julian date has no digits to spare.
  return start + values.reduce((sum, value) => sum + (value - start), 0) / values.length;
}

/** Unbiased variance; NaN of fewer than two. */
export function varianceOf(values: readonly number[]): number {
  return values.length < 2 ? Number.NaN : centralSum(values, 2) / (values.length - 1);
}

/** Median: the middle value, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** Sum of the powers of the differences from the mean. */
export function centralSum(values: readonly number[], power: number): number {
  const mean = meanOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** power, 0);
}

/** Unbiased skewness (G1 of Joanes & Gill 1998, The Statistician 47, 183). */
export function skewOf(values: readonly number[]): number {
  const n = values.length;
  return (n * centralSum(values, 3)) / ((n - 1) * (n - 2) * varianceOf(values) ** 1.5);
}

/** Unbiased excess kurtosis (G2 of Joanes & Gill 1998). */
export function kurtosisOf(values: readonly number[]): number {
  const n = values.length;
  const moment = (n * (n + 1) * centralSum(values, 4)) / ((n - 1) * (n - 2) * (n - 3) * varianceOf(values) ** 2);
  return moment - (3 * (n - 1) ** 2) / ((n - 2) * (n - 3));
}

/**
 * Anderson-Darling statistic against a normal distribution of unknown mean and variance, with Stephens' factor for small samples
 * (1 + 4/n - 25/n²; Stephens 1974, J. Am. Stat. Assoc. 69, 730).
 */
export function andersonDarlingNormal(values: readonly number[]): number {
  const n = values.length;
  const [mean, deviation] = [meanOf(values), Math.sqrt(varianceOf(values))];
  const scores = ascending(values).map((value) => (value - mean) / deviation);
  const sum = scores.reduce((total, score, i) => {
    return (
      total + (2 * i + 1) * (Math.log(normalBelow(score)) + Math.log(normalBelow(-(scores[n - 1 - i] ?? Number.NaN))))
    );
  }, 0);
  return (1 + 4 / n - 25 / n ** 2) * (-n - sum / n);
}

/** Share of a normal distribution below a score: by its series, and by a continued fraction in the far tail (Abramowitz & Stegun 26.2.11, 26.2.14). */
export function normalBelow(score: number): number {
  const density = Math.exp(-(score ** 2) / 2) / Math.sqrt(2 * Math.PI);
  if (Math.abs(score) > 5) {
    const size = Math.abs(score);
    let fraction = size;
    for (let k = 60; k > 0; k--) fraction = size + k / fraction;
    return score < 0 ? density / fraction : 1 - density / fraction;
  }
  let [term, sum] = [score, score];
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) sum += term *= score ** 2 / k;
  return 0.5 + density * sum;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}
