import type { ReactOutcome } from './transient.js';

/** A run of a periodic rule: what its workflow is started with. */
export interface RunOrder {
  readonly channel: string;
  /** Revision of the channel whose rule it is. */
  readonly channelHash: string;
  readonly rule: string;
  /** When it is due (Unix time, ms), where no schedule says so. */
  readonly dueMs?: number;
}

/** An order with its time. */
export type RunRequest = Required<RunOrder>;

/** What a run has selected. */
export interface RunPlan {
  readonly key: string;
  readonly tell: 'all' | 'each';
  /** Objects that were looked at, those that match, and those that are told of. */
  readonly looked: number;
  readonly matched: number;
  readonly selected: number;
}

/** How many reactions came to which state. */
export type ToldCounts = Readonly<Record<string, number>>;

/** Activities of a periodic run. */
export interface PeriodicActivities {
  /** Chooses the objects, once: what was chosen stays over retries. */
  selectObjects(request: RunRequest): Promise<RunPlan>;
  /** One message on all of them. */
  tellAll(request: RunRequest): Promise<ReactOutcome>;
  /** A message on each of those from one place to another, in the rule's order. */
  tellEach(request: RunRequest, from: number, to: number): Promise<ToldCounts>;
}

/** Identity of a run: the same moment is the same run. */
export function runKey({ channel, rule, dueMs }: RunRequest): string {
  return `${channel}/${rule}/${new Date(dueMs).toISOString().slice(0, 19)}Z`;
}
