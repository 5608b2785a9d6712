import type { Datapoint } from './datapoint.js';

/** Which object a T2 unit computes for. */
interface Subject {
  readonly objectId: string;
  /** Stock id, decimal string. */
  readonly stock: string;
}

/** One measurement of one object. */
export interface SingleDatapoint extends Subject {
  readonly datapoint: Datapoint;
}

/** What is known of an object itself, from the datapoints that the channel may see. */
export interface Stock extends Subject {
  /** ICRS, degrees: of the first detection. */
  readonly position: { readonly ra: number; readonly dec: number };
  /** Julian dates of first and last datapoint. */
  readonly firstSeenJd: number;
  readonly lastSeenJd: number;
}

/** A state as it is stored. */
export interface State extends Subject {
  /** Identity of the state, as AMPEL's. */
  readonly link: string;
  /** Ascending by id, as AMPEL stores them: not in order of time. */
  readonly datapoints: readonly Datapoint[];
}

/** The datapoints of one state of one object, ordered by time: what most T2 units compute from. */
export interface LightCurve extends Subject {
  /** Identity of the state, as AMPEL's. */
  readonly link: string;
  /** Ascending in Julian date; detections, upper limits and what else the channel's combiner keeps together. */
  readonly datapoints: readonly Datapoint[];
}
