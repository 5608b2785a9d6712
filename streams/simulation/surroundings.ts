import type { Placement } from './footprint.js';
import { logUniform, normal, pick, uniform, type Stream } from './random-stream.js';

/** A source of the PanSTARRS catalogue within 30 arcsec. */
export interface Neighbour {
  readonly id: string;
  readonly distArcsec: number;
  /** 0 galaxy … 1 star. */
  readonly starScore: number;
  readonly rMag: number;
  readonly gMinusR: number;
}

/** What the reference image and the catalogues hold at a position. */
export interface Surroundings {
  /** The three nearest, nearest first. */
  readonly neighbours: readonly [Neighbour, Neighbour, Neighbour];
  readonly count: number;
  /** Nearest source of Gaia (arcsec, mag); none where undefined. */
  readonly gaia?: { readonly distArcsec: number; readonly mag: number };
  /** Nearest source of the reference image. */
  readonly nearest: { readonly distArcsec: number; readonly angleRad: number; readonly mag: number };
}

/** What lies under the source itself. */
export type Setting = 'off-centre in a galaxy' | 'galaxy nucleus' | 'quasar' | 'star' | 'nothing';

const HOSTLESS_SHARE = 0.08;

type Position = Pick<Placement, 'raDeg' | 'decDeg'>;

/** Catalogue sources around an object; `mag` is the brightness in r of what lies under it, if anything does. */
export function surround(stream: Stream, setting: Setting, mag: number, position: Position): Surroundings {
  const far = [uniform(stream, 2, 30), uniform(stream, 2, 30), uniform(stream, 2, 30)].sort((a, b) => a - b);
  const others = far.map((distArcsec) => fieldSource(stream, distArcsec, position));
  const under = sourceUnder(stream, setting, mag, position);
  const [first, second, third] = [under, ...others].filter((one) => one !== undefined);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three neighbours were made');
  const isStar = first.starScore > 0.5;
  const hasGaia = isStar || uniform(stream) < 0.6;
  const gaia = { distArcsec: isStar ? first.distArcsec : uniform(stream, 5, 60), mag: isStar ? first.rMag : 18 };
  return {
    neighbours: [first, second, third],
    count: 3 + pick(stream, 12),
    ...(hasGaia && { gaia }),
    nearest: { distArcsec: first.distArcsec, angleRad: uniform(stream, 0, 2 * Math.PI), mag: first.rMag },
  };
}

function sourceUnder(stream: Stream, setting: Setting, rMag: number, position: Position): Neighbour | undefined {
  const make = (distArcsec: number, starScore: number, gMinusR: number): Neighbour => ({
    id: catalogueId(stream, position),
    distArcsec,
    starScore,
    rMag,
    gMinusR,
  });
  const beside = Math.abs(normal(stream));
  switch (setting) {
    case 'off-centre in a galaxy':
      if (uniform(stream) < HOSTLESS_SHARE) return undefined;
      return make(beside * 2.5, uniform(stream) ** 2 * 0.6, 0.7);
    case 'galaxy nucleus':
      return make(beside * 0.15, uniform(stream) ** 2 * 0.5, 0.7);
    case 'quasar':
      return make(beside * 0.1, uniform(stream, 0.4, 1), 0.2);
    case 'star':
      // Some stars have no score: PanSTARRS says 0.5 where it has no shape.
      return make(beside * 0.15, uniform(stream) < 0.95 ? uniform(stream, 0.82, 1) : 0.5, uniform(stream, 0.2, 1.2));
    case 'nothing':
      return undefined;
  }
}

function fieldSource(stream: Stream, distArcsec: number, position: Position): Neighbour {
  const starScore = uniform(stream) < 0.5 ? uniform(stream, 0, 0.3) : uniform(stream, 0.7, 1);
  return {
    id: catalogueId(stream, position),
    distArcsec,
    starScore,
    rMag: Math.min(22, 15 + logUniform(stream, 1, 8)),
    gMinusR: uniform(stream, 0.2, 1.3),
  };
}

/** PanSTARRS numbers its objects by declination zone and position. */
function catalogueId(stream: Stream, { raDeg, decDeg }: Position): string {
  const zone = Math.floor((decDeg + 90) / 0.0083333);
  const tail = String(pick(stream, 10000)).padStart(4, '0');
  return `${zone}${String(Math.floor(raDeg * 1e6)).padStart(9, '0')}${tail}`;
}
