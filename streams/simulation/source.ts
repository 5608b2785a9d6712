import type { Exposure } from './schedule.js';
import type { Field, Placement } from './footprint.js';
import type { Surroundings } from './surroundings.js';
import { KINDS, type Kind, type Truth } from './truth.js';

/** Counts that grow with the survey: the archive's history of a position. */
export interface ArchiveHistory {
  /** Detections above 3 sigma, reported or not. */
  readonly ndethist: number;
  /** Exposures of the position. */
  readonly ncovhist: number;
  readonly jdstarthist: number;
}

/** Something that can give alerts: a thing in the sky or a flaw of the camera. */
export interface Source {
  readonly kind: Kind;
  /** Of its own within its kind: seeds its streams and gives it its name. */
  readonly index: number;
  readonly objectId: string;
  /** Row in the pipeline's table, no other source of the same quadrant has it: the end of its candids. */
  readonly row: number;
  readonly field: Field;
  readonly place: Placement;
  /** First and last JD at which it can be seen. */
  readonly span: readonly [number, number];
  /** Light in the reference image at the position (in r, zero point 25). */
  readonly referenceFlux: number;
  /** True flux against the reference image, negative where fainter, with zero point 25. */
  signal(exposure: Exposure): number;
  /** Made when first asked for: most sources never get that far. */
  surroundings(): Surroundings;
  /** The known solar-system object nearby, if there is one. */
  readonly solarSystem?: { readonly name: string; readonly distArcsec: number };
  /** What the archive held of it before the nights that are simulated; nothing for what is born by night. */
  readonly earlier?: ArchiveHistory;
  readonly truth: Pick<Truth, 'redshift' | 'peakJd' | 'peakMag'>;
}

/** Rows of a quadrant's table for each kind: a kind's candids don't depend on how many there are of another. */
export const ROWS_PER_KIND = 600;

export function codeOf(kind: Kind): number {
  return KINDS.indexOf(kind);
}

/** The row of the truth table. */
export function truthOf({ objectId, kind, place, truth }: Source): Truth {
  const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
  return {
    objectId,
    class: kind,
    ra: rounded(place.raDeg, 7),
    dec: rounded(place.decDeg, 7),
    ...(truth.redshift !== undefined && { redshift: rounded(truth.redshift, 5) }),
    ...(truth.peakJd !== undefined && { peakJd: rounded(truth.peakJd, 4) }),
    ...(truth.peakMag !== undefined && { peakMag: rounded(truth.peakMag, 3) }),
  };
}
