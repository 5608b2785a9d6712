import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaSource } from '../../model/kafka-source.js';
import type { PartitionOwner, RawBatch, Source } from '../source.js';
import { beginnings, inside } from './begin.js';
import { kafkaClient, type Client, type Secrets } from './client.js';
import { ClusterView, type Offsets } from './cluster-view.js';
import { Commits } from './commits.js';
import { explainClosedDoor } from './closed-door.js';
import { KafkaError, kafkaErrorOf } from './kafka-error.js';
import type { KafkaNotice } from './notice.js';
import { parsePartitionKey } from './partition-key.js';
import { rawBatch } from './raw-batch.js';
import { Session, type SessionEvent } from './session.js';
import { topicNames, type TopicNames } from './topic-names.js';
import { DEFAULT_TUNING, type KafkaTuning } from './tuning.js';

export interface KafkaReaderOptions {
  readonly owner: PartitionOwner;
  /** Which of how many readers of the stream this is, from 0. Two of the same number push each other out. */
  readonly reader: { readonly index: number; readonly of: number };
  readonly secret: Secrets;
  /** Closes the source when it aborts. */
  readonly signal?: AbortSignal;
  readonly onNotice?: (notice: KafkaNotice) => void;
  readonly tuning?: Partial<KafkaTuning>;
}

/** Pauses between tries grow up to so many times the first. */
const LONGEST_PAUSE = 30;

/**
 * Opens topics of Kafka: connects, logs in, and looks whether the topics are there; the group is joined when the first
 * batch is asked for. While a batch is taken up only the next is fetched, and the group hears that the reader lives.
 * `owner.takeOver` is called only while a batch is being waited for, each time with all partitions that the reader has
 * from then on; what was not acknowledged of them comes again. `owner.release` is called at any time.
 *
 * Rejects with `KafkaError`, as `batches()` does: brokers that go away are waited for (`patienceMs`), a login that is
 * refused is not. The owner's own errors are passed on as they are.
 */
export async function kafkaSource(spec: KafkaSource, options: KafkaReaderOptions): Promise<Source> {
  const { index, of } = options.reader;
  if (!Number.isInteger(index) || index < 0 || index >= of) {
    throw new KafkaError('source', `there is no reader ${index} of ${of}`);
  }
  const names = topicNames(spec.topics);
  const client = await kafkaClient(spec, options.secret);
  const view = new ClusterView(client);
  try {
    const existing = await view.topics().catch(async (error: unknown) => {
      await explainClosedDoor(spec);
      throw error;
    });
    const missing = names.named.filter((topic) => !existing.includes(topic));
    if (missing.length > 0)
      throw new KafkaError(
        'topic',
        `${client.where}: there is no topic ${missing.join(', ')}, or this user may not see it`,
      );
    const reader = new KafkaReader(spec, options, names, client, view, new Set(names.among(existing)));
    options.signal?.addEventListener('abort', () => void reader.close(), { once: true });
    if (options.signal?.aborted === true) await reader.close();
    return reader;
  } catch (error) {
    await view.close();
    client.hangUp();
    throw error;
  }
}

class KafkaReader implements Source {
  private readonly tuning: KafkaTuning;
  private readonly commits = new Commits(() => this.session);
  private readonly closed = new AbortController();
  private session: Session | undefined;
  private topics: readonly string[] = [];
  /** Counted up to have the partitions given out anew. */
  private round = 0;
  private formerId: string | undefined;
  /** Where the topics ended when reading began, for a source that is read to there. */
  private ends: Offsets | undefined;
  /** True when all partitions of the present assignment have been begun. */
  private isBegun = false;
  private away: { readonly sinceMs: number; pauseMs: number } | undefined;

  constructor(
    private readonly spec: KafkaSource,
    private readonly options: KafkaReaderOptions,
    private readonly names: TopicNames,
    private readonly client: Client,
    private readonly view: ClusterView,
    private readonly firstTopics: ReadonlySet<string>,
  ) {
    this.tuning = { ...DEFAULT_TUNING, ...options.tuning };
  }

  async *batches(): AsyncGenerator<RawBatch, void> {
    try {
      while (!this.closed.signal.aborted) {
        const batch = await this.step();
        if (batch !== undefined) yield batch;
        if (this.isDone()) return;
      }
    } finally {
      // Acknowledgements still come, so the membership is kept until `close`.
      this.session?.rest();
    }
  }

  acknowledge(partition: string, offset: number): Promise<void> {
    parsePartitionKey(partition);
    if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError(`${offset} is no offset`);
    return this.commits.add(partition, offset);
  }

  async close(): Promise<void> {
    if (this.closed.signal.aborted) return;
    this.closed.abort();
    await this.commits.close();
    await this.session?.close();
    await this.view.close();
    this.client.hangUp();
  }

  /** One thing that happens: a batch, or what has to be done before there is one. */
  private async step(): Promise<RawBatch | undefined> {
    try {
      const session = this.session ?? (await this.openSession());
      return session === undefined ? undefined : await this.take(session, await session.next());
    } catch (error) {
      await this.recover(error);
      return undefined;
    }
  }

  private async take(session: Session, event: SessionEvent): Promise<RawBatch | undefined> {
    switch (event.kind) {
      case 'batch':
        this.away = undefined;
        return this.give(session, rawBatch(event.batch, this.ends));
      case 'assigned':
        await this.begin(session, event.partitions);
        return undefined;
      case 'outOfRange':
        await this.goOn(session, event.partition);
        return undefined;
      case 'failed':
        throw kafkaErrorOf(event.error, `reading ${this.client.where}`);
      case 'resubscribe':
        this.formerId = session.memberId;
        this.round++;
        await this.closeSession();
        return undefined;
      case 'passed':
      case 'closed':
        return undefined;
    }
  }

  /** Nothing is fetched of a partition that has been read to where it was to be read to. */
  private give(session: Session, batch: RawBatch): RawBatch | undefined {
    if (this.ends !== undefined && batch.to >= (this.ends.get(batch.partition) ?? 0)) session.stop([batch.partition]);
    return batch.packets.length > 0 ? batch : undefined;
  }

  private async openSession(): Promise<Session | undefined> {
    const { view, names, spec, client, round, formerId, tuning, options } = this;
    const topics = names.among(await view.topics());
    if (spec.until === 'end' && this.ends === undefined) this.ends = await view.offsetsAt(topics, 'latest');
    await this.tellTopics(topics);
    if (topics.length === 0) {
      if (spec.until !== 'end') await this.pause(tuning.topicRefreshMs);
      return undefined;
    }
    const membership = { index: options.reader.index, round };
    const release = (): Promise<void> => options.owner.release();
    const session = new Session({ client, group: spec.group, topics, membership, formerId, tuning, release });
    this.formerId = undefined;
    this.isBegun = false;
    this.session = session;
    try {
      await session.start();
    } catch (error) {
      throw kafkaErrorOf(error, `reading ${client.where}`);
    }
    void this.watch(session);
    return session;
  }

  private async tellTopics(topics: readonly string[]): Promise<void> {
    const before = this.topics.length === 0 && this.round === 0 ? [...this.firstTopics] : this.topics;
    this.topics = topics;
    const appeared = topics.filter((topic) => !before.includes(topic));
    const vanished = before.filter((topic) => !topics.includes(topic));
    const words = [
      ...(appeared.length > 0 ? [`topics that appeared: ${appeared.join(', ')}`] : []),
      ...(vanished.length > 0 ? [`topics that vanished: ${vanished.join(', ')}`] : []),
    ];
    if (vanished.length > 0) await this.view.close();
    if (words.length > 0) this.options.onNotice?.({ kind: 'topics', message: words.join('; '), topics });
  }

  private async begin(session: Session, partitions: readonly string[]): Promise<void> {
    this.isBegun = false;
    const known = await this.options.owner.takeOver(partitions);
    const { group, startAt } = this.spec;
    const wanted = { group, startAt, firstTopics: this.firstTopics };
    const { offsets, fresh, notices } = await beginnings(this.view, known, partitions, wanted);
    for (const notice of notices) this.options.onNotice?.(notice);
    // A reader that is to begin at the end and dies before it has acknowledged anything must not begin at a later end.
    if (fresh.size > 0) await session.commit(fresh).catch(() => undefined);
    this.away = undefined;
    this.isBegun = true;
    const { ends } = this;
    session.begin(
      ends === undefined ? offsets : new Map([...offsets].filter(([key, at]) => at < (ends.get(key) ?? 0))),
    );
  }

  /** The log has lost the position under the reader. */
  private async goOn(session: Session, partition: string): Promise<void> {
    const position = session.reached.get(partition);
    const { topic } = parsePartitionKey(partition);
    const extent = (await this.view.extents([topic])).get(partition);
    // The topic is gone, or the partition is another reader's by now.
    if (extent === undefined || position === undefined) return;
    const { offset, notice } = inside(partition, position, extent);
    if (notice !== undefined) this.options.onNotice?.(notice);
    session.begin(new Map([[partition, offset]]));
  }

  private isDone(): boolean {
    const { ends, session } = this;
    if (ends === undefined) return false;
    if (session === undefined) return this.topics.length === 0;
    // The share may have changed while the last batch was worked on.
    if (!this.isBegun || !session.hasJoined || session.hasNewShare) return false;
    return [...ends].every(([key, end]) => !session.owns(key) || (session.reached.get(key) ?? end) >= end);
  }

  /** Looks for topics and partitions that nobody reads, now and then while the session lasts. */
  private async watch(session: Session): Promise<void> {
    while (session === this.session && !this.closed.signal.aborted) {
      await this.pause(this.tuning.topicRefreshMs);
      // Where brokers do not answer the session will hear of it too.
      if (await this.isOutdated().catch(() => false)) session.askToResubscribe();
    }
  }

  private async isOutdated(): Promise<boolean> {
    const topics = this.names.among(await this.view.topics());
    if (topics.length !== this.topics.length || topics.some((topic, i) => topic !== this.topics[i])) return true;
    const assigned = await this.view.assigned(this.spec.group);
    if (assigned === undefined) return false;
    return (await this.view.partitions(topics)).some((key) => !assigned.has(key));
  }

  /** Waits before the next try, or throws what waiting does not mend. */
  private async recover(error: unknown): Promise<void> {
    if (this.closed.signal.aborted) return;
    if (!(error instanceof KafkaError) || error.kind === 'fenced') throw error;
    // A topic can be deleted under its reader; the next session does without it.
    if (!error.retryable && error.kind !== 'topic') throw error;
    const { patienceMs, retryMs } = this.tuning;
    this.away ??= { sinceMs: Date.now(), pauseMs: retryMs };
    if (Date.now() - this.away.sinceMs > patienceMs) throw error;
    this.options.onNotice?.({ kind: 'away', message: error.message });
    await this.closeSession();
    await this.pause(this.away.pauseMs);
    this.away.pauseMs = Math.min(this.away.pauseMs * 2, retryMs * LONGEST_PAUSE);
  }

  private async closeSession(): Promise<void> {
    const { session } = this;
    this.session = undefined;
    await session?.close();
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.closed.signal }).catch(() => undefined);
  }
}
