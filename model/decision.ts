import type { FieldValue } from './datapoint.js';

/** Why a filter refused an alert: the first cut that failed, named as AMPEL logs it. */
export interface Rejection {
  readonly accepted: false;
  /** Name of the cut: `nDet`, `tSpan`, `missing`, `galPlane`, … */
  readonly reason: string;
  /** The alert's field that the cut looked at, where it is one field. */
  readonly field?: string;
  /** What the alert has. */
  readonly value?: FieldValue;
  /** What the channel asks for. */
  readonly limit?: FieldValue;
}

/** An alert that a filter wants; `group` selects among the channel's T2 units. */
export interface Acceptance {
  readonly accepted: true;
  readonly group?: number;
}

export type Verdict = Acceptance | Rejection;
