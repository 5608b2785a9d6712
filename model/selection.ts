import type { Json } from './canonical-json.js';
import type { Condition } from './condition.js';

/** Which objects of the channel a run is about: all of what is said here. Times are event time, back from when it is due. */
export interface Selection {
  /** Accepted within so many days; without: since the rule has last told of them. */
  readonly acceptedDays?: number;
  /** Accepted for the first time within so many days. */
  readonly newDays?: number;
  readonly where?: Condition;
  readonly tags?: { readonly with?: readonly string[]; readonly without?: readonly string[] };
  /** A query in MongoDB's language over what is told of an object. */
  readonly query?: Readonly<Record<string, Json>>;
  /** What comes first: what was accepted last, the brightest last detection, or by a number that a unit has found. */
  readonly order?: SelectionOrder;
  readonly limit: number;
}

export type SelectionOrder = 'newest' | 'brightest' | { readonly by: Condition; readonly descending: boolean };
