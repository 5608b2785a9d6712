import type { Trace } from './documents.js';

/** One run of a periodic rule. */
export interface RunDocument {
  /** `<channel>/<rule>/<when it was due, UTC>` */
  readonly _id: string;
  readonly channel: string;
  readonly channelHash: string;
  readonly rule: string;
  /** Event time (Julian date). */
  readonly dueJd: number;
  /** Objects that were looked at, those of them that match, and those that are told of: no more than the limit. */
  readonly looked: number;
  readonly matched: number;
  readonly selected: number;
  readonly trace: Trace;
  readonly at: Date;
}

/** An object that a run has selected. */
export interface RunObjectDocument {
  /** `<run>/<stock>` */
  readonly _id: string;
  readonly run: string;
  readonly channel: string;
  readonly rule: string;
  readonly dueJd: number;
  /** Place in the rule's order, from 0. */
  readonly place: number;
  readonly survey: string;
  readonly stock: string;
  readonly objectId: string;
  /** The state that it was selected by, its event time, and the alert that made it. */
  readonly link: string;
  readonly jd: number;
  readonly alertId: string;
}
