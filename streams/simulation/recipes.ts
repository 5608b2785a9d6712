import {
  distanceModulus,
  outburstMag,
  outburstSpan,
  TIDAL_DISRUPTION,
  TYPE_IA,
  TYPE_IBC,
  TYPE_II,
  type Outburst,
  type Template,
} from './light-curves.js';
import { logUniform, normal, pick, PURPOSE, streamOf, uniform, type Stream } from './random-stream.js';
import type { Exposure } from './schedule.js';
import type { Source } from './source.js';
import type { Setting } from './surroundings.js';
import type { Kind } from './truth.js';
import { dampedRandomWalk, pulsation, type Variation } from './variability.js';
import { ofQuadrant } from './measurement.js';
import { fluxOf } from './flux.js';

/** What a recipe knows of the time and place of its source. */
export interface Birth {
  /** Midnight before the night of its birth (JD). */
  readonly dayJd: number;
  readonly rcid: number;
  /** Exposures of its field in the night of its birth; only asteroids need them. */
  readonly visits: readonly Exposure[];
}

/** The part of a source that is its physics. */
export interface Nature extends Pick<Source, 'span' | 'referenceFlux' | 'signal' | 'truth'> {
  readonly setting: Setting;
  /** Set for solar-system objects: the distance to where the catalogue puts it. */
  readonly solarSystemArcsec?: number;
}

/** How one kind of source comes about. */
export interface Recipe {
  /** Share of all alerts in the default sky. */
  readonly share: number;
  /** `always`: there before and after the survey; otherwise sources are born night by night. */
  readonly appears: 'always' | 'by night';
  /** Nights before the survey from which something born by night may still be seen. */
  readonly lifeNights: number;
  /**
   * Alerts by one source: for each exposure of it where it is there always, for an asteroid in all,
   * for a transient as days above the limit. Measured with a clear sky: see survey.test.ts.
   */
  readonly alerts: number;
  make(stream: Stream, birth: Birth): Nature;
}

const ALWAYS = [-Infinity, Infinity] as const;
/** The part of its galaxy that lies under a transient (absolute magnitude in r). */
const HOST_MAG = -18.5;

export const RECIPES: Readonly<Record<Kind, Recipe>> = {
  'SN Ia': transient(TYPE_IA, { share: 0.07, alerts: 49, magG: -19.25, scatter: 0.2, farthest: 0.11 }),
  'SN II': transient(TYPE_II, { share: 0.04, alerts: 88, magG: -17, scatter: 0.8, farthest: 0.045 }),
  'SN Ibc': transient(TYPE_IBC, { share: 0.015, alerts: 50, magG: -17.4, scatter: 0.6, farthest: 0.05 }),
  TDE: transient(TIDAL_DISRUPTION, { share: 0.008, alerts: 114, magG: -19.9, scatter: 0.5, farthest: 0.13 }),
  AGN: { share: 0.13, appears: 'always', lifeNights: 0, alerts: 0.33, make: activeNucleus },
  'variable star': { share: 0.427, appears: 'always', lifeNights: 0, alerts: 0.66, make: variableStar },
  asteroid: { share: 0.16, appears: 'by night', lifeNights: 0, alerts: 0.8, make: asteroid },
  bogus: { share: 0.15, appears: 'always', lifeNights: 0, alerts: 0.14, make: bogus },
};

/**
 * How many of a kind there are, or in the mean are born in a night, so that it has its share of so many alerts in a
 * clear night.
 */
export function defaultCount(kind: Kind, alertsPerNight: number, cadenceDays: number): number {
  const { share, alerts } = RECIPES[kind];
  const wanted = (share * alertsPerNight) / alerts;
  // All but asteroids, which are born in fields on their turn, wait for their field to be visited, in two bands.
  return kind === 'asteroid' ? wanted : (wanted * cadenceDays) / 2;
}

interface Explosions {
  readonly share: number;
  readonly alerts: number;
  /** Absolute magnitude in g at the peak. */
  readonly magG: number;
  readonly scatter: number;
  /** Redshift up to which they are drawn, evenly in volume. */
  readonly farthest: number;
}

function transient(template: Template, { share, alerts, magG, scatter, farthest }: Explosions): Recipe {
  const make = (stream: Stream, { dayJd }: Birth): Nature => {
    const redshift = Math.max(0.002, farthest * Math.cbrt(uniform(stream)));
    const stretch = Math.min(1.2, Math.max(0.75, normal(stream, 1, 0.08)));
    const dust = 0.1 * Math.abs(normal(stream));
    const firstLight = dayJd + uniform(stream);
    const outburst: Outburst = {
      template,
      redshift,
      stretch,
      peakJd: firstLight + template.riseDays * (1 + redshift) * stretch,
      peakMagG: normal(stream, magG, scatter) + dust + distanceModulus(redshift),
    };
    return {
      setting: template === TIDAL_DISRUPTION ? 'galaxy nucleus' : 'off-centre in a galaxy',
      span: outburstSpan(outburst),
      referenceFlux: fluxOf(HOST_MAG + normal(stream) + distanceModulus(redshift)),
      signal: ({ jd, band }) => fluxOf(outburstMag(outburst, jd, band)),
      truth: { redshift, peakJd: outburst.peakJd, peakMag: outburst.peakMagG - Math.max(0, template.gMinusR) },
    };
  };
  // The widest light curve, at its redshift.
  const lifeNights = Math.ceil((template.riseDays + template.fallDays) * 1.2 * (1 + farthest)) + 1;
  return { share, alerts, appears: 'by night', lifeNights, make };
}

function activeNucleus(stream: Stream): Nature {
  const mag = 19.6 - Math.min(4, 0.8 * Math.abs(normal(stream)) + uniform(stream));
  const walk = dampedRandomWalk(stream, uniform(stream, 0.12, 0.35), logUniform(stream, 60, 600));
  const redshift = uniform(stream, 0.05, 1.5);
  return { ...varying(mag, 0.15, walk), setting: redshift > 0.4 ? 'quasar' : 'galaxy nucleus', truth: { redshift } };
}

function variableStar(stream: Stream): Nature {
  return { ...varying(uniform(stream, 14, 19), 0.5, pulsation(stream)), setting: 'star', truth: {} };
}

/** Changes around the brightness that the reference image holds. */
function varying(
  mag: number,
  gMinusR: number,
  variation: Variation,
): Pick<Nature, 'signal' | 'referenceFlux' | 'span'> {
  const mean = { g: fluxOf(mag + gMinusR), r: fluxOf(mag) };
  return {
    span: ALWAYS,
    referenceFlux: mean.r,
    signal: ({ jd, band }) => mean[band] * (10 ** (-0.4 * variation(jd, band)) - 1),
  };
}

/** At a place for one exposure; slow ones are still within the match radius an hour later. */
function asteroid(stream: Stream, { dayJd, visits }: Birth): Nature {
  const mag = 20.7 - Math.min(5, -1.2 * Math.log(1 - uniform(stream)));
  const first = pick(stream, Math.max(1, visits.length));
  const isSlow = uniform(stream) < 0.12;
  const seenIn = visits.filter((_, i) => i === first || isSlow).map(({ id }) => id);
  const isKnown = uniform(stream) < 0.85;
  return {
    setting: 'nothing',
    span: [dayJd, dayJd + 1],
    referenceFlux: 0,
    signal: ({ id, band }) => (seenIn.includes(id) ? fluxOf(band === 'g' ? mag + 0.5 : mag) : 0),
    truth: {},
    ...(isKnown && { solarSystemArcsec: Math.min(20, Math.abs(normal(stream, 0, 4))) }),
  };
}

/** A flaw (hot column, ghost, bad subtraction) that comes back now and then at the same place. */
function bogus(stream: Stream, { rcid }: Birth): Nature {
  const chance = logUniform(stream, 0.02, 0.5);
  const ownSeed = stream.next();
  return {
    setting: 'nothing',
    span: ALWAYS,
    referenceFlux: 0,
    signal: (exposure) => {
      const flaw = streamOf(ownSeed, PURPOSE.flaw, exposure.id);
      if (uniform(flaw) > chance) return 0;
      const sign = uniform(flaw) < 0.55 ? 1 : -1;
      return sign * ofQuadrant(exposure.skyNoise, rcid) * Math.min(60, 5 - 8 * Math.log(1 - uniform(flaw)));
    },
    truth: {},
  };
}
