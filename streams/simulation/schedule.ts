import type { Field } from './footprint.js';
import { dateOf } from './identifiers.js';
import { fluxOf } from './flux.js';
import { normal, PURPOSE, streamOf } from './random-stream.js';
import { CLEAR_SKY, moonIllumination, weatherOf, type NightSky } from './weather.js';

export type Band = 'g' | 'r';

/** One exposure of one field. */
export interface Exposure {
  /** Of its own in the survey. */
  readonly id: number;
  readonly night: number;
  readonly jd: number;
  /** Days since 2017-01-01, ZTF's number of the night. */
  readonly nid: number;
  /** UT date, YYYYMMDD. */
  readonly date: string;
  /** Digits of the fraction of the UT day: five stand in the processing id, six in file names. */
  readonly fraction: string;
  readonly band: Band;
  readonly field: Field;
  readonly seeingArcsec: number;
  readonly moon: number;
  /** 5-sigma limit of each of the 64 quadrants (mag). */
  readonly limits: Float32Array;
  /** One-sigma noise of the sky in the flux of a point source (zero point 25) in each quadrant: the limit is five of it. */
  readonly skyNoise: Float64Array;
}

export interface NightPlan {
  readonly night: number;
  readonly jdStart: number;
  readonly jdEnd: number;
  readonly sky: NightSky;
  readonly byField: ReadonlyMap<Field, readonly Exposure[]>;
}

export interface Cadence {
  readonly seed: number;
  /** Midnight UT before the first night. */
  readonly startJd: number;
  readonly fields: readonly Field[];
  /** Nights from one visit of a field to the next. */
  readonly cadenceDays: number;
  readonly weather: boolean;
}

/** The exposures of any night, before the survey's first as well: nothing depends on what was asked before. */
export interface Schedule {
  night(night: number): NightPlan;
  /** Exposures of `field` from `fromJd` to before `beforeJd`, in time order. */
  visits(field: Field, fromJd: number, beforeJd: number): Exposure[];
  /** Whether it is the turn of `field` in any of the first `nights` nights, weather aside. */
  isVisited(field: Field, nights: number): boolean;
}

/** JD of night id 0. */
export const NID_EPOCH_JD = 2457754.5;
/** Dark time at Palomar in seconds of the UT day. */
const DUSK_S = 11_000;
const DAWN_S = 43_000;
/** 30 s exposure, readout and slew. */
const LEAST_SPACING_S = 40;
/** A field is seen in its second band about an hour after the first: that tells moving things from standing ones. */
const PAIR_SPACING_S = 3_600;
const DARK_LIMIT_MAG = { g: 20.8, r: 20.6 } as const;
const MOON_LOSS_MAG = { g: 1.1, r: 0.6 } as const;
const EXPOSURES_PER_NIGHT = 2048;
/** Plans kept: more than the longest life of a transient, which is looked through when its field is first visited. */
const KEPT_NIGHTS = 480;

export function makeSchedule(cadence: Cadence): Schedule {
  const plans = new Map<number, NightPlan>();
  const places = new Map(cadence.fields.map((field, place) => [field, place]));
  const planOf = (night: number): NightPlan => {
    let plan = plans.get(night);
    if (plan === undefined) {
      plans.set(night, (plan = planNight(cadence, night)));
      // Oldest in first out: a dropped plan is made again, the same.
      if (plans.size > KEPT_NIGHTS) for (const [key] of plans) if (plans.size > KEPT_NIGHTS) plans.delete(key);
    }
    return plan;
  };
  const nightOf = (jd: number): number => Math.floor(jd - cadence.startJd);
  return {
    night: planOf,
    isVisited: (field, nights) => firstTurn(cadence, places.get(field) ?? 0) < nights,
    visits(field, fromJd, beforeJd) {
      const found: Exposure[] = [];
      const place = places.get(field) ?? 0;
      for (let night = nightOf(fromJd); night <= nightOf(beforeJd); night++) {
        if (!isTurn(cadence, place, night)) continue;
        for (const exposure of planOf(night).byField.get(field) ?? []) {
          if (exposure.jd >= fromJd && exposure.jd < beforeJd) found.push(exposure);
        }
      }
      return found;
    },
  };
}

function isTurn(cadence: Cadence, place: number, night: number): boolean {
  return (night - firstTurn(cadence, place)) % cadence.cadenceDays === 0;
}

function firstTurn({ cadenceDays }: Cadence, place: number): number {
  return place % cadenceDays;
}

function planNight(cadence: Cadence, night: number): NightPlan {
  const dayJd = cadence.startJd + night;
  const sky = cadence.weather ? weatherOf(cadence.seed, night) : CLEAR_SKY;
  const visited = cadence.fields.filter((_, place) => isTurn(cadence, place, night));
  const spacingS = (DAWN_S - DUSK_S) / Math.max(1, 2 * visited.length);
  if (spacingS < LEAST_SPACING_S) {
    throw new RangeError(
      `a night has no room for ${2 * visited.length} exposures (fields / cadenceDays × 2); at most ${Math.floor((DAWN_S - DUSK_S) / LEAST_SPACING_S)} fit`,
    );
  }
  const byField = new Map<Field, Exposure[]>();
  pointings(visited, Math.max(1, Math.round(PAIR_SPACING_S / spacingS)), night).forEach(({ field, band }, ordinal) => {
    const share = ordinal / (2 * visited.length);
    if (share < sky.open[0] || share >= sky.open[1]) return;
    const seconds = Math.round(DUSK_S + ordinal * spacingS);
    const exposure = expose(cadence, { night, ordinal, field, band, sky, dayJd, seconds });
    byField.set(field, [...(byField.get(field) ?? []), exposure]);
  });
  return { night, jdStart: jdOf(dayJd, DUSK_S), jdEnd: jdOf(dayJd, DAWN_S), sky, byField };
}

/** ZTF gives seven decimals. */
function jdOf(dayJd: number, seconds: number): number {
  return Number((dayJd + seconds / 86400).toFixed(7));
}

/** Blocks of fields, each block once in one band and then in the other. */
function pointings(fields: readonly Field[], blockSize: number, night: number): { field: Field; band: Band }[] {
  const bands: Band[] = night % 2 === 0 ? ['g', 'r'] : ['r', 'g'];
  const order: { field: Field; band: Band }[] = [];
  for (let start = 0; start < fields.length; start += blockSize) {
    const block = fields.slice(start, start + blockSize);
    for (const band of bands) order.push(...block.map((field) => ({ field, band })));
  }
  return order;
}

interface Shot extends Pick<Exposure, 'night' | 'field' | 'band'> {
  readonly ordinal: number;
  readonly sky: NightSky;
  readonly dayJd: number;
  readonly seconds: number;
}

function expose({ seed }: Cadence, { night, ordinal, field, band, sky, dayJd, seconds }: Shot): Exposure {
  const jd = jdOf(dayJd, seconds);
  const id = night * EXPOSURES_PER_NIGHT + ordinal;
  const stream = streamOf(seed, PURPOSE.quadrant, id);
  const moon = moonIllumination(jd);
  const seeingArcsec = Math.max(1.2, normal(stream, sky.seeingArcsec, 0.15));
  // Sky noise grows with the area of the image of a point.
  const limit =
    DARK_LIMIT_MAG[band] - MOON_LOSS_MAG[band] * moon ** 2 - sky.extinctionMag - 2.5 * Math.log10(seeingArcsec / 1.8);
  const limits = Float32Array.from({ length: 64 }, () => normal(stream, limit, 0.08));
  const fraction = String(Math.floor((seconds / 86400) * 1e6)).padStart(6, '0');
  return {
    ...{ id, night, jd, band, field, fraction, seeingArcsec, moon, limits },
    nid: Math.floor(dayJd - NID_EPOCH_JD),
    date: dateOf(jd),
    skyNoise: Float64Array.from(limits, (mag) => fluxOf(mag) / 5),
  };
}
