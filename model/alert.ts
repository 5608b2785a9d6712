import type { Datapoint, Fields } from './datapoint.js';

/** An alert packet after shaping: the newest measurement of an object with the history that came with it. */
export interface Alert {
  readonly survey: string;
  /** Id of the alert (ZTF: candid), decimal string. */
  readonly alertId: string;
  readonly objectId: string;
  /** AMPEL's stock id of the object, decimal string. */
  readonly stock: string;
  /** Julian date of the candidate (days). */
  readonly jd: number;
  /** ICRS position of the candidate (degrees). */
  readonly position: { readonly ra: number; readonly dec: number };
  /** The measurement that raised the alert, as this packet gives it. */
  readonly candidate: Fields;
  /** Candidate first, then the history in packet order; nothing sorted, nothing removed. */
  readonly datapoints: readonly Datapoint[];
}

/** The measurements of an alert, as a filter sees them. Built from a packet by the screen, from the store by the decision. */
export interface AlertContent {
  /** The alert's own measurement. */
  readonly candidate: Fields;
  /** Earlier measurements in packet order; an upper limit has no `candid`. */
  readonly history: readonly Fields[];
}

/** What a filter sees of an alert. */
export interface FilterInput extends AlertContent {
  readonly objectId: string;
}
