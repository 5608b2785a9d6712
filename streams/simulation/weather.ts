import { normal, pick, PURPOSE, streamOf, uniform } from './random-stream.js';

/** The sky of one night. */
export interface NightSky {
  /** Part of the night with an open dome, as fractions of it; empty where both are equal. */
  readonly open: readonly [number, number];
  /** Loss by thin cloud (mag). */
  readonly extinctionMag: number;
  readonly seeingArcsec: number;
}

/** In each such block of nights one storm may stand. */
const STORM_BLOCK_NIGHTS = 12;
const STORM_CHANCE = 0.6;
const LONGEST_STORM_NIGHTS = 3;
const PARTIAL_NIGHT_CHANCE = 0.15;

/** Weather of a night, the same whenever it is asked: storms of up to three nights, nights cut short, cloud, seeing. */
export function weatherOf(seed: number, night: number): NightSky {
  const stream = streamOf(seed, PURPOSE.weather, night);
  const sky = {
    extinctionMag: Math.abs(normal(stream, 0, 0.15)),
    seeingArcsec: 1.7 + Math.abs(normal(stream, 0, 0.4)),
  };
  if (isStormy(seed, night)) return { ...sky, open: [0, 0] };
  if (uniform(stream) > PARTIAL_NIGHT_CHANCE) return { ...sky, open: [0, 1] };
  const lost = uniform(stream, 0.2, 0.8);
  return { ...sky, open: pick(stream, 2) === 0 ? [lost, 1] : [0, 1 - lost] };
}

/** A night as one wishes for it. */
export const CLEAR_SKY: NightSky = { open: [0, 1], extinctionMag: 0, seeingArcsec: 1.8 };

function isStormy(seed: number, night: number): boolean {
  const block = Math.floor(night / STORM_BLOCK_NIGHTS);
  const stream = streamOf(seed, PURPOSE.weather, block, 1);
  if (uniform(stream) > STORM_CHANCE) return false;
  const length = 1 + pick(stream, LONGEST_STORM_NIGHTS);
  const first = block * STORM_BLOCK_NIGHTS + pick(stream, STORM_BLOCK_NIGHTS - length + 1);
  return night >= first && night < first + length;
}

const NEW_MOON_JD = 2451550.1;
const SYNODIC_MONTH_DAYS = 29.530588853;

/** Illuminated fraction of the Moon, from the mean synodic month (Meeus 1998, chapter 49): good to some 0.1. */
export function moonIllumination(jd: number): number {
  return (1 - Math.cos((2 * Math.PI * (jd - NEW_MOON_JD)) / SYNODIC_MONTH_DAYS)) / 2;
}
