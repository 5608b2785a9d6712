import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** A stream of random numbers; drawing from it changes no other stream. */
export type Stream = RandomGenerator;

/** What a stream is for: the first step of its path, so that no two purposes share numbers. */
export const PURPOSE = {
  sync: 1,
  weather: 2,
  quadrant: 3,
  births: 4,
  source: 5,
  measurement: 6,
  flaw: 7,
  surroundings: 8,
  cutout: 9,
} as const;

/**
 * The stream at a path of integers below the survey's seed. Streams of different paths are independent,
 * so an object keeps its numbers whatever else is in the sky.
 */
export function streamOf(seed: number, purpose: number, a = 0, b = 0, c = 0): Stream {
  let high = scramble((seed | 0) ^ 0x2545f491);
  let low = scramble(Math.floor(seed / 2 ** 32) ^ high ^ 0x27d4eb2f);
  high = scramble(high ^ Math.imul(purpose, 0x9e3779b1) ^ a);
  low = scramble((low + a) ^ high);
  high = scramble(high ^ low ^ Math.imul(b, 0x85ebca77));
  low = scramble((low + b) ^ high);
  high = scramble(high ^ low ^ Math.imul(c, 0xc2b2ae3d));
  low = scramble((low + c) ^ high);
  return xoroshiro128plusFromState([high, low, scramble(high ^ 0x165667b1), scramble(low ^ 0x9e3779b9)]);
}

/** The finaliser of MurmurHash3 (A. Appleby, public domain): each input bit changes half of the output's. */
function scramble(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** A number in [least, most). */
export function uniform(stream: Stream, least = 0, most = 1): number {
  return least + (most - least) * uniformFloat64(stream);
}

/** An integer in [0, count). */
export function pick(stream: Stream, count: number): number {
  return Math.floor(uniformFloat64(stream) * count);
}

/** A number whose logarithm is uniform between those of `least` and `most`. */
export function logUniform(stream: Stream, least: number, most: number): number {
  return least * (most / least) ** uniformFloat64(stream);
}

/** A Gaussian number (Box & Muller 1958). */
export function normal(stream: Stream, mean = 0, sigma = 1): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(stream)));
  return mean + sigma * radius * Math.cos(2 * Math.PI * uniformFloat64(stream));
}

/** A Poisson count: by arrivals where the mean is small (Knuth), by the Gaussian limit where it is large. */
export function poisson(stream: Stream, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(normal(stream, mean, Math.sqrt(mean))));
  let count = 0;
  for (let left = uniform(stream); left > Math.exp(-mean); left *= uniform(stream)) count++;
  return count;
}
