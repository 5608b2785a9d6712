import { measuredFields, type MeasuredFields } from './measured-fields.js';
import { measure } from './measurement.js';
import { quadrantFields } from './quadrant-fields.js';
import { uniform, type Stream } from './random-stream.js';
import type { Exposure } from './schedule.js';
import type { ArchiveHistory, Source } from './source.js';
import type { Neighbour, Surroundings } from './surroundings.js';

/** A detection that becomes an alert. */
export interface Trigger {
  readonly source: Source;
  readonly exposure: Exposure;
  /** Counts of the archive, this detection included. */
  readonly archive: ArchiveHistory;
}

/** Groups of fields of a `candidate`. */
export interface CandidateFields extends MeasuredFields {
  readonly archive: object;
  readonly catalogue: object;
  readonly catalogue3: object;
  readonly neighbour1: object;
  readonly neighbour2: object;
  readonly neighbour3: object;
  readonly reference: object;
  readonly noise: object;
  readonly gaia: object;
  readonly score: object;
}

/** ZTF's way to say in a candidate that there is none near enough. */
const NONE = -999;
/** A star of Gaia is bright below this (mag). */
const BRIGHT_MAG = 14;

/** The `candidate` of a detection: its measurement, the archive's counts and what the catalogues have nearby. */
export function candidateFields(seed: number, { source, exposure, archive }: Trigger): CandidateFields {
  const measurement = measure(seed, source, exposure);
  const { snr, stream } = measurement;
  const measured = measuredFields(source, measurement);
  const surroundings = source.surroundings();
  const { neighbours, count } = surroundings;
  return {
    ...measured,
    solarSystem: {
      ssdistnr: source.solarSystem?.distArcsec ?? NONE,
      ssmagnr: source.solarSystem === undefined ? NONE : measured.brightness.magpsf,
      ssnamenr: source.solarSystem?.name ?? 'null',
    },
    archive: { ...archive, jdendhist: exposure.jd },
    catalogue: { tooflag: 0, objectidps1: neighbours[0].id, objectidps2: neighbours[1].id },
    catalogue3: { objectidps3: neighbours[2].id },
    neighbour1: neighbourFields[1](neighbours[0]),
    neighbour2: neighbourFields[2](neighbours[1]),
    neighbour3: neighbourFields[3](neighbours[2]),
    reference: { ...quadrantFields(exposure, source.place.rcid).reference, nmtchps: count },
    noise: { dsnrms: snr, ssnrms: 2 * snr, dsdiff: -snr },
    gaia: gaia(surroundings),
    score: { drb: deepScore(source, stream), drbversion: 'd6_m7' },
  };
}

/** Written out: objects with computed names are several times slower. */
const neighbourFields = {
  1: ({ rMag, gMinusR, starScore, distArcsec }: Neighbour) => ({
    ...{ sgmag1: rMag + gMinusR, srmag1: rMag, simag1: rMag - 0.4 * gMinusR, szmag1: rMag - 0.6 * gMinusR },
    ...{ sgscore1: starScore, distpsnr1: distArcsec },
  }),
  2: ({ rMag, gMinusR, starScore, distArcsec }: Neighbour) => ({
    ...{ sgmag2: rMag + gMinusR, srmag2: rMag, simag2: rMag - 0.4 * gMinusR, szmag2: rMag - 0.6 * gMinusR },
    ...{ sgscore2: starScore, distpsnr2: distArcsec },
  }),
  3: ({ rMag, gMinusR, starScore, distArcsec }: Neighbour) => ({
    ...{ sgmag3: rMag + gMinusR, srmag3: rMag, simag3: rMag - 0.4 * gMinusR, szmag3: rMag - 0.6 * gMinusR },
    ...{ sgscore3: starScore, distpsnr3: distArcsec },
  }),
};

function gaia({ gaia }: Surroundings): object {
  const bright = gaia !== undefined && gaia.mag < BRIGHT_MAG ? gaia : undefined;
  return {
    neargaia: gaia?.distArcsec ?? NONE,
    maggaia: gaia?.mag ?? NONE,
    neargaiabright: bright?.distArcsec ?? NONE,
    maggaiabright: bright?.mag ?? NONE,
    exptime: 30,
  };
}

function deepScore({ kind }: Source, stream: Stream): number {
  return kind === 'bogus' ? uniform(stream) ** 3 : 1 - 0.5 * uniform(stream) ** 3;
}
