import type { Binary } from 'mongodb';
import type { Json } from '../model/canonical-json.js';
import type { NeedUse } from '../model/channel.js';
import type { Datapoint, DatapointKind, Fields, FieldValue } from '../model/datapoint.js';
import type { StreamSource } from '../model/stream.js';
import type { ApprovalAnswer, Asked } from '../model/transient.js';

/** Which execution wrote a document: a way back into Temporal's history. */
export interface Trace {
  readonly workflowId: string;
  readonly runId: string;
  readonly activityId: string;
}

/** One measurement; the body that came first stays. */
export interface DatapointDocument {
  /** `<survey>:<datapoint id>` */
  readonly _id: string;
  /** Its origin. */
  readonly survey: string;
  /** Number of the survey's programme, of surveys that have such: 1 is ZTF's public one. */
  readonly programme?: number;
  readonly id: string;
  readonly kind: DatapointKind;
  readonly jd: number;
  readonly band: string;
  readonly tags: readonly string[];
  readonly body: Fields;
  /** Objects it belongs to: an upper limit belongs to all objects of its quadrant. */
  readonly objects: readonly string[];
  /** Channels that accepted an alert with it. */
  readonly channels: readonly string[];
}

/** One alert by reference: which datapoints came when, from where. */
export interface AlertDocument {
  /** `<survey>:<alert id>` */
  readonly _id: string;
  readonly survey: string;
  readonly alertId: string;
  readonly objectId: string;
  readonly stock: string;
  readonly jd: number;
  /** The candidate as this packet gives it: the stored datapoint may be an earlier, shorter version. */
  readonly candidate: Fields;
  /** Ids in packet order, the candidate first. */
  readonly datapoints: readonly string[];
  readonly stream: string;
  readonly partition: string;
  readonly offset: number;
  readonly place: string;
  /** True from its arrival until its transient has decided on it. */
  readonly pending?: boolean;
  /** Order in which the transient decided on the object's alerts, from 1. */
  readonly sequence?: number;
}

/** Where a channel's interest in an object began in a stream. */
export interface Follow {
  readonly stream: string;
  readonly partition: string;
  readonly offset: number;
}

export interface StockDocument {
  /** Stock id, decimal string. */
  readonly _id: string;
  readonly survey: string;
  readonly names: readonly string[];
  readonly position: { readonly ra: number; readonly dec: number };
  /** HEALPix pixel of the position, order 13, NESTED. */
  readonly healpix: number;
  /** GeoJSON of the position; longitude is right ascension minus 180. */
  readonly geo: { readonly type: 'Point'; readonly coordinates: readonly [number, number] };
  readonly firstSeenJd: number;
  readonly lastSeenJd: number;
  readonly tags: readonly string[];
  /** By channel: the screen's first acceptance. */
  readonly follows?: Readonly<Record<string, Follow>>;
  /** When `follows` grew last: other readers look for what is new. */
  readonly followedAt?: Date;
  /** By channel: the decision's first acceptance. */
  readonly channels?: Readonly<Record<string, { readonly firstAlertId: string; readonly firstJd: number }>>;
}

/** An object of another survey that a channel takes for the same object, with the points that it brought. */
export interface MatchedObject {
  readonly survey: string;
  readonly objectId: string;
  readonly stock: string;
  readonly separationArcsec: number;
  readonly datapoints: readonly string[];
}

export interface StateDocument {
  /** `<stock>:<link>` */
  readonly _id: string;
  readonly stock: string;
  readonly objectId: string;
  /** AMPEL's link. */
  readonly link: string;
  /** Ascending as 64-bit integers. */
  readonly datapoints: readonly string[];
  /** Those of them that are of other surveys' objects at this position. */
  readonly matched?: readonly MatchedObject[];
  readonly channels: readonly string[];
  /** The alert that made it first. */
  readonly alertId: string;
  readonly jd: number;
}

/** AMPEL's document codes that a result can carry. */
export const RESULT_CODE = {
  ok: 0,
  /** Gave no result that can be stored, or none in its time. */
  error: -2,
  exception: -4,
  tooManyTrials: -7,
  unknownConfig: -2005,
  missingDependency: -2006,
  /** The data cannot give this result. */
  missingInfo: -2008,
  failedDependency: -2010,
} as const;

export interface ResultDocument {
  /** sha256 of stock, unit, version, config hash and link, and of what it builds on. */
  readonly _id: string;
  readonly stock: string;
  readonly objectId: string;
  readonly link: string;
  readonly unit: string;
  readonly version: string;
  readonly configHash: string;
  /** What `link` is the id of; a state where it is not said. */
  readonly kind?: 'datapoint' | 'stock';
  /** Keys of the results that it was made from. */
  readonly needed?: readonly string[];
  /** The units that gave them, with their versions. */
  readonly needs?: readonly NeedUse[];
  readonly code: number;
  readonly body: Json;
  readonly error?: string;
  readonly channels: readonly string[];
  /** Of a recomputation: who wanted it and why. */
  readonly asked?: Asked;
  readonly trace: Trace;
  readonly at: Date;
}

export type ReactionState =
  | 'waits for approval'
  | 'intended'
  | 'sent'
  | 'confirmed'
  | 'failed'
  | 'outcome unknown'
  | 'called off'
  /** Stored as it would be sent, and not sent. */
  | 'dry';

export interface ReactionDocument {
  /** Idempotency key. */
  readonly _id: string;
  readonly channel: string;
  readonly channelHash: string;
  readonly rule: string;
  readonly unit: string;
  /** What it tells of: an object and a state of it, or all that a run has selected. */
  readonly objectId?: string;
  readonly stock?: string;
  readonly alertId?: string;
  readonly link?: string;
  readonly run?: string;
  /** … how many objects those are. */
  readonly objects?: number;
  readonly dueJd: number;
  readonly state: ReactionState;
  readonly message?: Json;
  readonly answer?: {
    readonly status: string;
    readonly detail?: string;
    readonly reference?: Json;
    /** The receiver has the message and says later what has come of it. */
    readonly pending?: boolean;
  };
  readonly attempts: number;
  /** When the last attempt began to send. */
  readonly sentAt?: Date;
  /** Event time at which the rule was set off; not in documents of before. */
  readonly setJd?: number;
  readonly approval?: ApprovalAnswer & { readonly at: Date };
  /** How a person has ended a doubt. */
  readonly resolved?: { readonly by: string; readonly why: string; readonly at: Date };
  readonly trace?: Trace;
  readonly at: Date;
}

/** A reaction that tells of one object. */
export type ObjectReaction = ReactionDocument &
  Required<Pick<ReactionDocument, 'objectId' | 'stock' | 'alertId' | 'link'>>;

export function isOfObject(reaction: ReactionDocument): reaction is ObjectReaction {
  const { objectId, stock, alertId, link } = reaction;
  return ![objectId, stock, alertId, link].includes(undefined);
}

/** Points that a channel may see and that its combiner left out. */
export interface LeftOut {
  /** Ids that a newer processing of the same exposure has replaced. */
  readonly superseded?: readonly string[];
  /** How many for a tag, a band, their age. */
  readonly tag?: number;
  readonly band?: number;
  readonly age?: number;
}

export interface JournalDocument {
  readonly _id: string;
  readonly tier: 't0' | 't1' | 't2' | 't3';
  readonly stock: string;
  readonly objectId: string;
  readonly channel: string;
  readonly channelHash: string;
  readonly alertId: string;
  /** Event time (Julian date). */
  readonly jd: number;
  /** Order of the alert in its transient. */
  readonly sequence: number;
  readonly unit: string;
  readonly version: string;
  readonly configHash: string;
  /** Link of the state, where the entry has one; of a computation the id of what `kind` says. */
  readonly link?: string;
  readonly kind?: 'datapoint' | 'stock';
  readonly outcome: string;
  /** T3 only: the rule of the channel. */
  readonly rule?: string;
  /** T2, of a recomputation: who wanted it and why. */
  readonly asked?: Asked;
  /** T0 only: the group that the filter accepted into, and what for. */
  readonly group?: number;
  readonly match?: string;
  /** T0 only: accepted because the channel had accepted the object before. */
  readonly known?: 'bypass' | 'overrule';
  /** T1, of an acceptance: points that did not become part of the state. */
  readonly leftOut?: LeftOut;
  readonly reason?: string;
  readonly field?: string;
  readonly value?: FieldValue;
  readonly limit?: FieldValue;
  readonly trace: Trace;
  readonly at: Date;
}

/** What one batch of a stream held. Written in the transaction in which the stream moves on past it. */
export interface ReceiptDocument {
  /** `<stream>:<partition>@<reading>:<from>` */
  readonly _id: string;
  readonly stream: string;
  readonly partition: string;
  /** Which reading of the partition: one more each time it is rewound. */
  readonly reading: number;
  /** First offset and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly read: number;
  readonly unreadable: number;
  readonly forwarded: number;
  /** Ids of all alerts that could be read, in order, a line each; in the same order their objects. */
  readonly alerts: string;
  readonly objects: string;
  /** Their event times: Julian dates as little-endian doubles. */
  readonly jds: Binary;
  /** sha256 over the alert ids of the batch in order. */
  readonly contentHash: string;
  readonly at: Date;
  /** The longest of its channels' times. */
  readonly expiresAt: Date;
}

/** Which ids a receipt may have: see `id-filter.ts`. Apart, because a look-up reads all of them. */
export interface ReceiptFilterDocument {
  /** Of the receipt. */
  readonly _id: string;
  readonly bits: Binary;
  /** Number of bits. */
  readonly size: number;
  readonly expiresAt: Date;
}

/** What one channel's screen made of a batch. */
export interface ScreeningDocument {
  /** `<receipt>/<channel>` */
  readonly _id: string;
  readonly receipt: string;
  readonly channel: string;
  /** Of the alerts. */
  readonly survey?: string;
  /** Of the channel's revision. */
  readonly hash: string;
  readonly accepted: number;
  readonly rejected: readonly RejectionRows[];
  readonly expiresAt: Date;
}

/** Rejections of one reason, field and limit. */
export interface RejectionRows {
  readonly reason: string;
  readonly field: string | null;
  readonly limit: FieldValue;
  readonly count: number;
  /** Rows of the receipt's alerts, from 0: little-endian 32-bit integers. */
  readonly rows: Binary;
  /** What each of them had: little-endian doubles where all are numbers. */
  readonly values: Binary | readonly FieldValue[];
}

/** How many objects a channel has newly accepted of a night. */
export interface AcceptanceDocument {
  /** `<channel>/<epoch>/<night>` */
  readonly _id: string;
  readonly channel: string;
  readonly epoch: number;
  readonly night: string;
  readonly objects: number;
}

/** A stream as it was started. */
export interface StreamDocument {
  /** Name. */
  readonly _id: string;
  readonly survey: string;
  /** What it reads: a position means nothing elsewhere. */
  readonly source: StreamSource;
  readonly schemas?: string;
  readonly clock: 'wall' | 'stream';
  readonly state: 'running' | 'paused' | 'finished' | 'stopped';
  readonly at: Date;
  /** What its readers had to tell, the newest last: lost packets, other topics, brokers away. */
  readonly notices?: readonly StreamNotice[];
}

export interface StreamNotice {
  readonly kind: string;
  readonly message: string;
  readonly at: Date;
}

/** Where a stream stands in one partition: written only after everything before `offset` had its effects. */
export interface PositionDocument {
  /** `<stream>:<partition>` */
  readonly _id: string;
  readonly stream: string;
  readonly partition: string;
  /** Grows each time the partition is rewound. */
  readonly reading: number;
  /** The next to be read. */
  readonly offset: number;
  /** The offset of the next packet written to it, as last heard; nobody knows it of an archive. */
  readonly end?: number;
  /** Newest event time seen (Julian date). */
  readonly clockJd: number;
  /** Of all readings. */
  readonly read: number;
  readonly unreadable: number;
  readonly forwarded: number;
  readonly at: Date;
}

/** An event-time deadline that waits for the clock of a stream. */
export interface DeadlineDocument {
  /** Key of the reaction. */
  readonly _id: string;
  readonly stream: string;
  readonly workflowId: string;
  readonly dueJd: number;
}

export interface DeadLetterDocument {
  /** `<stream>:<partition>:<offset>` */
  readonly _id: string;
  readonly stream: string;
  readonly partition: string;
  readonly offset: number;
  readonly place: string;
  readonly kind: string;
  readonly message: string;
  /**
   * As it came, or an Avro container of the one record; of kind `claimed-id`, what was read of the alert, as JSON. The
   * first 1 MiB of what is larger.
   */
  readonly bytes: Binary;
  readonly at: Date;
  /** How often it was tried again, and when it could be read. */
  readonly retries?: number;
  readonly resolvedAt?: Date;
}

/** A stored datapoint as the model has it. */
export function datapointOf(document: DatapointDocument): Datapoint {
  const { id, kind, jd, band, tags, body } = document;
  return { id, kind, jd, band, tags, body };
}

/** `_id`s of the datapoints of a state of an object of `survey`, in the state's order. */
export function datapointKeys(
  { datapoints, matched = [] }: Pick<StateDocument, 'datapoints' | 'matched'>,
  survey: string,
): string[] {
  const surveys = new Map(matched.flatMap((object) => object.datapoints.map((id) => [id, object.survey])));
  return datapoints.map((id) => `${surveys.get(id) ?? survey}:${id}`);
}
