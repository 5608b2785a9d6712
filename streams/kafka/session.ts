import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Batch, type Consumer, type EachBatchPayload, type KafkaMessage } from 'kafkajs';
import { readerAssigner, type Membership } from './assigner.js';
import type { Client } from './client.js';
import { toOffset, type Offsets } from './cluster-view.js';
import { protocolType } from './kafka-error.js';
import { byTopic, parsePartitionKey, partitionKey } from './partition-key.js';
import { joinAsStaticMember, type StaticMember } from './static-member.js';
import type { KafkaTuning } from './tuning.js';

const { KafkaJSNonRetriableError } = kafkajs;

/** Messages of one partition as they came in one fetch. */
export interface FetchedBatch {
  readonly key: string;
  readonly messages: readonly KafkaMessage[];
  readonly to: number;
  readonly end: number;
}

/** What a session tells whoever asks it. */
export type SessionEvent =
  /** These partitions are this reader's now, and no others: nothing comes of them before `begin`. */
  | { readonly kind: 'assigned'; readonly partitions: readonly string[] }
  /** The position asked for is not in the log: nothing comes of this partition before `begin`. */
  | { readonly kind: 'outOfRange'; readonly partition: string }
  | { readonly kind: 'batch'; readonly batch: FetchedBatch }
  /** A partition moved on without a message. */
  | { readonly kind: 'passed' }
  /** Somebody has to look at the topics again. */
  | { readonly kind: 'resubscribe' }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'closed' };

export interface SessionOptions {
  readonly client: Client;
  readonly group: string;
  readonly topics: readonly string[];
  readonly membership: Membership;
  /** The member that the session before was, where this one asks for other topics. */
  readonly formerId: string | undefined;
  readonly tuning: KafkaTuning;
  /** Settles when nothing is under way of the partitions that this reader has; others may get them then. */
  readonly release: () => Promise<void>;
}

const CLOSE_GRACE_MS = 1_000;

/** A batch that the client's loop has in hand until it is released. */
interface Offer {
  readonly batch: FetchedBatch;
  readonly release: () => void;
}

/**
 * One membership of the group with one list of topics, over one consumer of the client. One batch more is fetched while
 * the last is worked on; then the client's loop stands still until that is asked for, and heartbeats go on.
 */
export class Session {
  /** What this member was called by the group, as long as it is in it. */
  memberId: string | undefined;
  private readonly consumer: Consumer;
  private assignment: ReadonlySet<string> = new Set();
  /** After the last message that was given out, by partition; only where `begin` was called. */
  private readonly positions = new Map<string, number>();
  private readonly urgent: SessionEvent[] = [];
  private offer: Offer | undefined;
  /** Why the group's last assignment is void, until there is another. */
  private voided: Error | undefined;
  /** True from when it asks for partitions until it is told which. */
  private isJoining = false;
  private isClosed = false;
  private wake: () => void = () => undefined;

  constructor(private readonly options: SessionOptions) {
    const { client, group, membership, formerId, tuning } = options;
    const member: StaticMember = {
      instanceId: `${group}-${membership.index}`,
      formerId,
      isClosed: () => this.isClosed,
      beforeJoining: () => {
        this.isJoining = true;
        return this.options.release();
      },
      onOutOfRange: (topic, partition) => {
        this.stop([partitionKey(topic, partition)]);
        this.tell({ kind: 'outOfRange', partition: partitionKey(topic, partition) });
      },
    };
    this.consumer = client.kafka.consumer({
      groupId: group,
      sessionTimeout: tuning.sessionTimeoutMs,
      heartbeatInterval: tuning.heartbeatMs,
      rebalanceTimeout: tuning.rebalanceTimeoutMs,
      maxWaitTimeInMs: tuning.maxWaitMs,
      maxBytes: tuning.maxBytes,
      maxBytesPerPartition: tuning.maxBytesPerPartition,
      metadataMaxAge: tuning.topicRefreshMs,
      allowAutoTopicCreation: false,
      // We start a new session ourselves, and tell why.
      retry: { retries: 4, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: () => Promise.resolve(false) },
      partitionAssigners: [
        ({ cluster }) => {
          joinAsStaticMember(cluster, member);
          return readerAssigner(cluster, membership);
        },
      ],
    });
  }

  /** Joins the group; rejects with the client's error where that is not even tried. */
  async start(): Promise<void> {
    const { consumer } = this;
    const { GROUP_JOIN, CRASH, END_BATCH_PROCESS } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      this.join(payload.memberId, payload.memberAssignment);
    });
    consumer.on(CRASH, ({ payload: { error } }) => {
      this.tell({ kind: 'failed', error });
    });
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, batchSize, lastOffset } }) => {
      // Markers of transactions fill offsets too, and never come as messages.
      if (batchSize === 0) this.moveTo(partitionKey(topic, partition), toOffset(lastOffset) + 1);
    });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    const { heartbeatMs } = this.options.tuning;
    // Joining takes as long as other readers are busy, so it is not waited for.
    consumer
      .run({ autoCommit: false, eachBatch: (payload) => this.hand(payload, heartbeatMs) })
      .catch((error: unknown) => {
        this.tell({ kind: 'failed', error });
      });
  }

  /** The next thing that happens. Taking a batch lets the client fetch another. */
  async next(): Promise<SessionEvent> {
    for (;;) {
      if (this.isClosed) return { kind: 'closed' };
      const event = this.urgent.shift();
      if (event !== undefined) return event;
      if (this.offer !== undefined) {
        const { batch } = this.offer;
        this.positions.set(batch.key, batch.to);
        this.release();
        return { kind: 'batch', batch };
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Lets messages of these partitions come, from there on. */
  begin(offsets: Offsets): void {
    for (const [key, offset] of offsets) {
      if (!this.assignment.has(key)) continue;
      this.positions.set(key, offset);
      this.whileRunning(() => {
        this.consumer.seek({ ...parsePartitionKey(key), offset: String(offset) });
      });
    }
    this.whileRunning(() => {
      this.consumer.resume(byTopic([...offsets.keys()].filter((key) => this.assignment.has(key))));
    });
  }

  /** Lets nothing more come of these partitions; the reader keeps them. */
  stop(keys: Iterable<string>): void {
    const topics = byTopic(keys);
    if (topics.length === 0) return;
    this.whileRunning(() => {
      this.consumer.pause(topics);
    });
  }

  /** Lets nothing more come: only the membership is kept. */
  rest(): void {
    if (this.isClosed) return;
    this.stop(this.assignment);
    this.release();
  }

  /** Where the reader is in each of its partitions. */
  get reached(): Offsets {
    return this.positions;
  }

  /** True while this member's assignment is good, as far as it has heard. */
  get hasJoined(): boolean {
    return this.memberId !== undefined && this.voided === undefined && !this.isJoining;
  }

  /** True where partitions were given out that nobody has been told of yet. */
  get hasNewShare(): boolean {
    return this.urgent.some(({ kind }) => kind === 'assigned');
  }

  /** True while the group has given this partition to this reader. */
  owns(key: string): boolean {
    return this.assignment.has(key);
  }

  /** Has whoever asks next look at the topics again. */
  askToResubscribe(): void {
    if (!this.urgent.some(({ kind }) => kind === 'resubscribe')) this.tell({ kind: 'resubscribe' });
  }

  /** Tells the group; rejects with the client's error. */
  async commit(offsets: Offsets): Promise<void> {
    const committed = [...offsets].map(([key, offset]) => ({ ...parsePartitionKey(key), offset: String(offset) }));
    await this.consumer.commitOffsets(committed);
  }

  /** Ends `next`, and the membership without leaving the group: the partitions wait for the session time-out. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.wake();
    const disconnected = this.consumer.disconnect().catch(() => undefined);
    this.release();
    await Promise.race([disconnected, sleep(CLOSE_GRACE_MS, undefined, { ref: false })]);
  }

  private join(memberId: string, assignment: Readonly<Record<string, number[]>>): void {
    this.memberId = memberId;
    this.voided = undefined;
    this.isJoining = false;
    const keys = Object.entries(assignment).flatMap(([topic, numbers]) =>
      numbers.map((one) => partitionKey(topic, one)),
    );
    this.assignment = new Set(keys);
    this.positions.clear();
    this.stop(keys);
    // What was told of the assignment before has no meaning any more.
    const kept = this.urgent.filter(({ kind }) => kind !== 'assigned' && kind !== 'outOfRange');
    this.urgent.splice(0, Infinity, ...kept);
    this.tell({ kind: 'assigned', partitions: keys });
  }

  /** Keeps the client's loop until the batch is taken, or the partitions are given out anew. */
  private async hand(payload: EachBatchPayload, heartbeatMs: number): Promise<void> {
    const fetched = this.cut(payload.batch);
    // Stale: fetched before `begin` named another place to go on from.
    if (fetched === undefined || this.isClosed || payload.isStale()) return;
    // The client goes on with what it has fetched before it joins again.
    if (this.voided !== undefined) throw this.voided;
    const beats: { timer?: NodeJS.Timeout } = {};
    try {
      await new Promise<void>((release, refuse) => {
        this.offer = { batch: fetched, release };
        beats.timer = setInterval(() => {
          payload.heartbeat().catch((error: unknown) => {
            // A connection that broke is the client's to mend; what the group says of this member is not.
            if (!(error instanceof Error) || protocolType(error) === '') return;
            this.voided = error;
            refuse(error);
          });
        }, heartbeatMs);
        this.wake();
      });
    } finally {
      clearInterval(beats.timer);
      if (this.offer?.batch === fetched) this.offer = undefined;
    }
  }

  /** The part of a batch that was not given out yet: after a failure of its own the client gives one again. */
  private cut(batch: Batch): FetchedBatch | undefined {
    const key = partitionKey(batch.topic, batch.partition);
    const from = this.positions.get(key);
    const to = toOffset(batch.lastOffset()) + 1;
    if (from === undefined || to <= from) return undefined;
    const messages = batch.messages.filter(({ offset }) => toOffset(offset) >= from);
    return { key, messages, to, end: toOffset(batch.highWatermark) };
  }

  private release(): void {
    const { offer } = this;
    this.offer = undefined;
    offer?.release();
  }

  private moveTo(key: string, offset: number): void {
    if ((this.positions.get(key) ?? offset) >= offset) return;
    this.positions.set(key, offset);
    this.tell({ kind: 'passed' });
  }

  /** After a failure of the client nothing can be asked of it; `failed` has come then, or comes. */
  private whileRunning(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!(error instanceof KafkaJSNonRetriableError)) throw error;
    }
  }

  private tell(event: SessionEvent): void {
    if (event.kind === 'failed') this.urgent.unshift(event);
    else this.urgent.push(event);
    this.wake();
  }
}
