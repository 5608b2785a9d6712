import type { Json } from './canonical-json.js';

/** One object that a periodic run has selected, as far as the channel may see it. */
export interface SelectedObject {
  readonly objectId: string;
  readonly stock: string;
  /** Mean position (deg). */
  readonly position: { readonly ra: number; readonly dec: number };
  /** Event time of its first accepted alert (Julian date). */
  readonly firstAcceptedJd: number;
  /** Its last detection that the channel may see; undefined where its latest state has none. */
  readonly lastDetection?: { readonly jd: number; readonly band: string; readonly mag?: number };
  readonly detections: number;
  readonly upperLimits: number;
  /** Result bodies of its latest state, by unit name. */
  readonly results: Readonly<Record<string, Json>>;
}

/** What a periodic run has selected, for one message on all of it. */
export interface Population {
  /** Stable over retries and restarts. */
  readonly key: string;
  readonly channel: string;
  readonly rule: string;
  /** Event time that the run is of (Julian date): when it was due, not when it ran. */
  readonly dueJd: number;
  /** All that were selected. */
  readonly count: number;
  /** The first of them in the rule's order, at most 1,000: a message is not an archive. */
  readonly objects: readonly SelectedObject[];
  /** References that the same rule's earlier runs were answered with, in order of time. */
  readonly earlier: readonly { readonly reference?: Json }[];
}
