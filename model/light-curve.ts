import type { Datapoint } from './datapoint.js';

/** The datapoints of one state of one object, ordered by time: what a T2 unit computes from. */
export interface LightCurve {
  readonly objectId: string;
  /** Stock id, decimal string. */
  readonly stock: string;
  /** Identity of the state, as AMPEL's. */
  readonly link: string;
  /** Ascending in Julian date; detections and upper limits together. */
  readonly datapoints: readonly Datapoint[];
}
