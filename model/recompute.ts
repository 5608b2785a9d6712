import type { UnitActivities } from './transient.js';

/** Which results are to be computed once more, and who wants it. */
export interface RecomputeRequest {
  /** Only for this channel; default: all that are not stopped. */
  readonly channel?: string;
  /** Only of this unit, with what it needs. */
  readonly unit?: string;
  /** Only for states of this time (Julian dates, from inclusive, to exclusive). */
  readonly fromJd?: number;
  readonly toJd?: number;
  /** Also what failed for good before `requestedAtMs`. */
  readonly failed?: boolean;
  /** Most computations begun a second, over all workers. */
  readonly perSecond: number;
  readonly requestedBy: string;
  readonly reason: string;
  readonly requestedAtMs: number;
}

/** One computation, as a unit's activity is asked for it. */
export type Recomputation = Parameters<UnitActivities['runUnit']>[0];

/** How far the search has come: objects in the order of their stock ids. */
export interface RecomputeCursor {
  readonly stock: string;
  /** So many of the results of that object were looked at; undefined: all of them. */
  readonly results?: number;
}

/** Some of the results that the channels' revisions ask for and that are not there, what is needed before what needs it. */
export interface OutdatedPortion {
  readonly runs: readonly Recomputation[];
  /** States that were looked at. */
  readonly looked: number;
  /** Where the next portion begins; undefined at the end. */
  readonly next?: RecomputeCursor;
}

export interface RecomputeProgress {
  /** States. */
  readonly looked: number;
  /** Results. */
  readonly computed: number;
  readonly failed: number;
}

export interface RecomputeStatus extends RecomputeProgress {
  readonly state: 'running' | 'paused' | 'finished' | 'cancelled';
}

export interface RecomputeActivities {
  /** The portion behind `after`. */
  findOutdated(request: RecomputeRequest, after?: RecomputeCursor): Promise<OutdatedPortion>;
}
