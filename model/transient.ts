import type { Deadline } from './deadline.js';
import type { Verdict } from './decision.js';

/** A channel revision by reference: `<name>@<first 12 digits of its hash>`. */
export type ChannelRef = string;

/** An alert by reference, as a transient is signalled: the packet's content stays in the store. */
export interface DetectionRef {
  readonly alertId: string;
  readonly jd: number;
  /** Channels that have to decide on it. */
  readonly channels: readonly ChannelRef[];
}

/** Whose clock a transient's rules follow: the wall's, or the event time of a stream that is ahead of it or behind. */
export type Clock = 'live' | { readonly stream: string };

/** Who wanted something computed once more, and why. */
export interface Asked {
  readonly by: string;
  readonly why: string;
}

/** A unit to run on a state, for all channels that asked. */
export interface UnitTask {
  /** Identity of the result; the same work has the same key. */
  readonly key: string;
  readonly unit: string;
  /** Undefined in histories of before. */
  readonly configHash?: string;
  /** The only version that may compute it; undefined: that of the worker's build. */
  readonly version?: string;
  /** Id of the state, or of what `kind` says. */
  readonly link: string;
  readonly kind?: 'datapoint' | 'stock';
  /** Link of the state that is looked at, where `link` is another. */
  readonly state?: string;
  /** Keys of the results that it is made from; it waits for those that are under way. */
  readonly after?: readonly string[];
  readonly alertId: string;
  readonly jd: number;
  readonly channels: readonly ChannelRef[];
  /** The groups that the channels' filters accepted into. */
  readonly groups?: Readonly<Record<ChannelRef, number>>;
  /** Unit group, whose task queue it goes to. */
  readonly group?: string;
  /** Longest time of one attempt. */
  readonly timeoutMs?: number;
  /** Attempts at what fails for a while. */
  readonly attempts?: number;
  /** Sets off no reaction: of a state that was made in retrospect. */
  readonly quiet?: boolean;
}

/** The same task for the channels of both; it is quiet only where both are. */
export function forAll(task: UnitTask, other: UnitTask): UnitTask {
  const groups = { ...task.groups, ...other.groups };
  return {
    ...task,
    channels: [...new Set([...task.channels, ...other.channels])],
    ...(Object.keys(groups).length > 0 && { groups }),
    ...(task.quiet === true && { quiet: other.quiet === true }),
  };
}

/** A unit that failed for good, with what is needed to run it again. */
export interface FailedTask extends UnitTask {
  readonly error: string;
}

/** One channel's decision on one alert, as the history shows it. */
export type DecisionNote = Verdict & {
  readonly alertId: string;
  readonly channel: string;
  /** Link of the state that the alert led to. */
  readonly state?: string;
};

export interface DecideRequest {
  readonly survey: string;
  readonly objectId: string;
  readonly stock: string;
  readonly detections: readonly DetectionRef[];
  readonly clock: Clock;
  readonly pending: readonly Deadline[];
  /** Keys of reactions that were set off before; undefined in a reopened transient: the store knows. */
  readonly settled?: readonly string[];
}

export interface DecideOutcome {
  /**
   * The request as the decision saw it: where a workflow task timed out, Temporal answers the decision of the next task, which may
   * know of more, with that of the last. Without it, in histories of before: all that was asked.
   */
  readonly took?: {
    /** Alert ids. */
    readonly alerts: readonly string[];
    /** Keys of the deadlines that were pending. */
    readonly deadlines: readonly string[];
  };
  readonly decisions: readonly DecisionNote[];
  /** Units for activities of their own: heavy ones, and light ones that failed beside the decision. */
  readonly tasks: readonly UnitTask[];
  /** Reactions to start now, in order of event time. */
  readonly due: readonly Deadline[];
  readonly pending: readonly Deadline[];
  readonly settled: readonly string[];
  /** Light units that gave a result. */
  readonly computed: number;
}

export interface UnitOutcome {
  readonly code: number;
  /** Reactions that the result sets off. */
  readonly deadlines: readonly Deadline[];
  /** Last event time (Julian date) of a stream that has ended meanwhile, and tells its clock to nobody any more. */
  readonly clockJd?: number;
}

export interface ReactOutcome {
  readonly state: string;
  readonly status?: string;
  /** Of one that waits for approval: until when (Unix time, ms). */
  readonly untilMs?: number;
}

/** What a person says of a reaction that waits for approval. */
export interface ApprovalAnswer {
  readonly granted: boolean;
  readonly by: string;
  readonly why: string;
}

/** Local activity of a transient: T0, T1 and light T2 on what is stored. */
export interface DecideActivities {
  decide(request: DecideRequest): Promise<DecideOutcome>;
}

/** Activities of a transient that are worth a line of their own in the history. */
export interface UnitActivities {
  runUnit(request: {
    survey: string;
    objectId: string;
    stock: string;
    clock: Clock;
    task: UnitTask;
    /** Sets off no reaction: what is computed once more is no news. */
    quiet?: boolean;
    /** Of a recomputation. */
    asked?: Asked;
  }): Promise<UnitOutcome>;
}

export interface ReactRequest {
  readonly survey: string;
  readonly objectId: string;
  readonly stock: string;
  readonly deadline: Deadline;
  readonly approval?: ApprovalAnswer;
}

export interface ReactActivities {
  react(request: ReactRequest): Promise<ReactOutcome>;
}
