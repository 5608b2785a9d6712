/**
 * What a measurement is: a detection, a non-detection with its limiting magnitude, or forced photometry; or what the survey
 * knew of the object itself, which has no band.
 */
export type DatapointKind = 'detection' | 'upperLimit' | 'forced' | 'object';

/** A value inside a survey's own record: numbers as the survey's units, 64-bit ids as decimal strings. */
export type FieldValue = string | number | boolean | null;

/** One survey record, by the survey's own field names (`magpsf`, `rb`, `ssdistnr`, …). */
export type Fields = Readonly<Record<string, FieldValue | undefined>>;

/** One measurement of one object, in the survey's own fields. */
export interface Datapoint {
  /** AMPEL's datapoint id as a decimal string: the candid of a detection, a negative number for an upper limit. */
  readonly id: string;
  readonly kind: DatapointKind;
  /** Julian date of the exposure (UTC, days). */
  readonly jd: number;
  /** The survey's band: `g`, `r`, `i`. */
  readonly band: string;
  /** AMPEL's tags: survey, access and band, for instance `ZTF`, `ZTF_PUB`, `ZTF_R`. */
  readonly tags: readonly string[];
  readonly body: Fields;
}
