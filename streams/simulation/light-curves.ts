import type { Band } from './schedule.js';

/** Brightness below the peak of its band (mag) by rest-frame days after the peak; between the knots it is linear. */
type Decline = readonly (readonly [day: number, mag: number])[];

/** Mean light curve of a kind of transient. */
export interface Template {
  /** Rest-frame days from first light to the peak. */
  readonly riseDays: number;
  /** Rest-frame days after the peak that are followed. */
  readonly fallDays: number;
  /** Colour at the peak. */
  readonly gMinusR: number;
  /** Mag below the peak, `day` rest-frame days after it. */
  fall(day: number, band: Band): number;
}

const byKnots =
  (knots: Readonly<Record<Band, Decline>>) =>
  (day: number, band: Band): number =>
    interpolate(knots[band], day);

/** Type Ia: decline rates as of the Hsiao et al. (2007) template in ZTF's bands; the second maximum is a shoulder in r. */
export const TYPE_IA: Template = {
  riseDays: 17,
  fallDays: 100,
  gMinusR: -0.05,
  fall: byKnots({
    g: [[0, 0], [5, 0.15], [10, 0.5], [15, 1], [20, 1.55], [25, 2.05], [30, 2.45], [40, 2.8], [60, 3.2], [100, 4.2]], // prettier-ignore
    r: [[0, 0], [5, 0.1], [10, 0.42], [15, 0.65], [20, 0.66], [25, 0.75], [30, 1.05], [40, 1.55], [60, 2.2], [100, 3.6]], // prettier-ignore
  }),
};

/** Type IIP: about a hundred days of plateau, flat in r, cooling in g (Anderson et al. 2014). */
export const TYPE_II: Template = {
  riseDays: 9,
  fallDays: 140,
  gMinusR: -0.05,
  fall: byKnots({
    g: [
      [0, 0],
      [10, 0.25],
      [30, 0.85],
      [60, 1.35],
      [90, 1.75],
      [110, 3.2],
      [140, 3.7],
    ],
    r: [
      [0, 0],
      [10, 0.03],
      [30, 0.12],
      [60, 0.2],
      [90, 0.4],
      [110, 2],
      [140, 2.3],
    ],
  }),
};

/** Stripped envelopes: faster than type Ia and redder (Taddia et al. 2018). */
export const TYPE_IBC: Template = {
  riseDays: 16,
  fallDays: 90,
  gMinusR: 0.35,
  fall: byKnots({
    g: [
      [0, 0],
      [5, 0.2],
      [10, 0.7],
      [15, 1.3],
      [30, 2.4],
      [60, 3.1],
      [90, 3.7],
    ],
    r: [
      [0, 0],
      [5, 0.1],
      [10, 0.35],
      [15, 0.7],
      [30, 1.6],
      [60, 2.4],
      [90, 3],
    ],
  }),
};

const TDE_FALLBACK_DAYS = 40;

/** Tidal disruption: blue at all times, declining with the fall-back of the debris as t^-5/3 (Phinney 1989). */
export const TIDAL_DISRUPTION: Template = {
  riseDays: 28,
  fallDays: 260,
  gMinusR: -0.2,
  fall: (day) => (2.5 * 5 * Math.log10(1 + day / TDE_FALLBACK_DAYS)) / 3,
};

/** A transient at its place in time and space. */
export interface Outburst {
  readonly template: Template;
  readonly peakJd: number;
  readonly redshift: number;
  /** Apparent magnitude in g at the peak. */
  readonly peakMagG: number;
  /** Widens the light curve; 1 for the mean one. */
  readonly stretch: number;
}

/** Apparent magnitude; infinite before first light. The rise goes with t² at first light and is level at the peak. */
export function outburstMag(
  { template, peakJd, redshift, peakMagG, stretch }: Outburst,
  jd: number,
  band: Band,
): number {
  const day = (jd - peakJd) / ((1 + redshift) * stretch);
  const peak = band === 'g' ? peakMagG : peakMagG - template.gMinusR;
  if (day >= 0) return peak + template.fall(day, band);
  const risen = 1 + day / template.riseDays;
  return risen <= 0 ? Infinity : peak - 5 * Math.log10(Math.sin((Math.PI / 2) * risen));
}

/** First and last JD at which anything is seen of it. */
export function outburstSpan({ template, peakJd, redshift, stretch }: Outburst): readonly [number, number] {
  const scale = (1 + redshift) * stretch;
  return [peakJd - template.riseDays * scale, peakJd + template.fallDays * scale];
}

const HUBBLE = 70;
const LIGHT_KM_S = 299_792.458;
const DECELERATION = -0.55;

/** Distance modulus (mag) to second order in the redshift, H0 = 70 km/s/Mpc, q0 = -0.55: good to 0.01 mag up to z = 0.13. */
export function distanceModulus(redshift: number): number {
  const megaparsec = ((LIGHT_KM_S * redshift) / HUBBLE) * (1 + (redshift * (1 - DECELERATION)) / 2);
  return 5 * Math.log10(megaparsec) + 25;
}

function interpolate(knots: Decline, day: number): number {
  let before = knots[0] ?? [0, 0];
  for (const knot of knots) {
    if (day < knot[0]) return before[1] + ((knot[1] - before[1]) * (day - before[0])) / (knot[0] - before[0]);
    before = knot;
  }
  return before[1];
}
