import { normal, poisson, streamOf, uniform } from './random-stream.js';

const DRAWS = 20_000;

function mean(draw: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < DRAWS; i++) sum += draw(i);
  return sum / DRAWS;
}

describe('random streams', () => {
  it('are the same at the same path and others at neighbouring ones', () => {
    const first = (seed: number, a: number, b = 0): number => uniform(streamOf(seed, 1, a, b));
    expect(first(1, 2)).toBe(first(1, 2));
    const paths = [first(1, 2), first(2, 2), first(1, 3), first(1, 2, 1), first(2 ** 40 + 1, 2), first(-1, 2)];
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('of neighbouring paths are not correlated in their first numbers', () => {
    const centred = (i: number): number => uniform(streamOf(7, 1, i)) - 0.5;
    // Variance of a uniform number is 1/12; the error of the mean product is 1/12/sqrt(20000).
    expect(Math.abs(mean((i) => centred(i) * centred(i + 1)))).toBeLessThan(0.0025);
    expect(Math.abs(mean(centred))).toBeLessThan(0.01);
  });

  it('give Gaussian and Poisson numbers of the mean and scatter that were asked for', () => {
    const stream = streamOf(1, 1);
    expect(Math.abs(mean(() => normal(stream, 3, 2)) - 3)).toBeLessThan(0.06);
    expect(Math.abs(mean(() => normal(stream, 0, 2) ** 2) - 4)).toBeLessThan(0.2);
    expect(Math.abs(mean(() => poisson(stream, 0.3)) - 0.3)).toBeLessThan(0.02);
    expect(Math.abs(mean(() => poisson(stream, 200)) - 200)).toBeLessThan(0.6);
  });
});
