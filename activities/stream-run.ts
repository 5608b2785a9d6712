import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { StreamProgress, StreamRequest } from '../model/stream.js';
import type { Clock } from '../model/transient.js';
import type { StreamDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';
import type { Registry } from '../units/registry.js';
import { readyChannel, type ReadyChannel } from './channel-revisions.js';
import { signalDetections } from './notify-transients.js';
import { persistAlerts, persistReceipt } from './persist.js';
import { Screen, type Follows, type ScreenedBatch } from './screen.js';
import { StreamClock } from './stream-clock.js';

export interface IngestDeps {
  readonly store: Store;
  readonly client: Client;
  readonly registry: Registry;
}

/** A deadline may wait for alerts of the same night that stand a little out of order. */
const CLOCK_SLACK_DAYS = 0.5;
const CHANNEL_REFRESH_MS = 2_000;
const SETTLE_POLL_MS = 100;

/** One attempt to read a stream: its position, its channels, its clock. */
export class StreamRun {
  position = 0;
  private doing = 'reading';
  private stream: StreamDocument | undefined;
  private readonly follows: Follows = new Map();
  private readonly running = new Set<string>();
  private current: { screen: Screen; key: string; atMs: number } | undefined;
  private readonly eventTime: StreamClock;
  private readonly startedMs = Date.now();
  private readonly context = Context.current();

  constructor(
    private readonly deps: IngestDeps,
    private readonly request: StreamRequest,
  ) {
    this.eventTime = new StreamClock(deps.client, deps.store, request.name);
  }

  async open(): Promise<void> {
    const { store } = this.deps;
    const { name, survey, source } = this.request;
    const fresh = {
      survey,
      paths: source.paths,
      position: 0,
      clockJd: 0,
      read: 0,
      unreadable: 0,
      forwarded: 0,
      state: 'running' as const,
      at: new Date(),
    };
    const stream = await store.streams.findOneAndUpdate(
      { _id: name },
      { $setOnInsert: fresh },
      { upsert: true, returnDocument: 'after' },
    );
    if (stream === null) throw new Error(`stream ${name} has no document`);
    if (stream.paths.join() !== source.paths.join()) {
      const was = `stream ${name} is at position ${stream.position} of ${stream.paths.join(', ')}`;
      throw ApplicationFailure.nonRetryable(`${was}: other paths need a stream of another name`, 'OtherSource');
    }
    await store.streams.updateOne({ _id: name }, { $set: { state: 'running', at: new Date() } });
    this.stream = { ...stream, state: 'running' };
    this.position = stream.position;
    for await (const { names, follows } of store.stocks.find(
      { follows: { $exists: true } },
      { projection: { names: 1, follows: 1 } },
    )) {
      for (const objectId of names) this.follows.set(objectId, new Map(Object.entries(follows ?? {})));
    }
    await this.refreshChannels();
  }

  /** The screen for the channels that are active. */
  get screen(): Screen {
    if (this.current === undefined) throw new Error('the stream is not open');
    return this.current.screen;
  }

  /** Looks from time to time which channels are active. */
  async refreshChannels(): Promise<void> {
    if (this.current !== undefined && Date.now() - this.current.atMs < CHANNEL_REFRESH_MS) return;
    const channels = await this.activeChannels();
    // Reading on would lose alerts: the stream waits, and says so, until there is somebody to read for.
    if (channels.length === 0) throw new Error(`no channel is active for ${this.request.survey}: start or resume one`);
    const key = channels.map(({ ref }) => ref).join();
    const { name, survey } = this.request;
    const screen =
      this.current?.key === key
        ? this.current.screen
        : new Screen(surveyNamed(survey), channels, this.deps.registry, name, this.follows);
    this.current = { screen, key, atMs: Date.now() };
  }

  async acknowledge(batch: ScreenedBatch): Promise<void> {
    const { store, client } = this.deps;
    const { name } = this.request;
    await persistAlerts(store, name, batch.forwarded);
    await Promise.all([
      signalDetections(client, this.clock(), batch.forwarded, this.running),
      persistReceipt(store, name, batch),
    ]);
    const before = this.document();
    this.stream = {
      ...before,
      position: batch.to,
      clockJd: Math.max(before.clockJd, batch.clockJd),
      read: before.read + batch.read,
      unreadable: before.unreadable + batch.bad.length,
      forwarded: before.forwarded + batch.forwarded.length,
      at: new Date(),
    };
    await this.moveOn(before.position, this.stream);
    if (this.request.clock === 'stream') await this.eventTime.advance(this.stream.clockJd - CLOCK_SLACK_DAYS);
    this.doing = 'reading';
    this.beat();
  }

  /** Tells Temporal that the reader lives and where it is. */
  beat(): void {
    this.context.heartbeat(this.progress(this.doing));
  }

  /** Throws where another reader has taken over meanwhile: this one was thought to be dead. */
  private async moveOn(from: number, { _id, ...fields }: StreamDocument): Promise<void> {
    const { streams } = this.deps.store;
    const { matchedCount } = await streams.updateOne({ _id, position: from }, { $set: fields });
    if (matchedCount === 1) return;
    const now = await streams.findOne({ _id });
    // A write whose answer was lost may have been carried out and tried again.
    if (now?.position !== fields.position)
      throw new Error(`another reader has moved ${_id} to ${now?.position ?? 'nowhere'}`);
  }

  /** Waits until the transients have decided on everything, and lets the clock pass what is due by the stream's end. */
  async finish(): Promise<StreamProgress> {
    const { store } = this.deps;
    const { name } = this.request;
    let isMarked = false;
    for (;;) {
      this.context.cancellationSignal.throwIfAborted();
      const pending = await store.alerts.countDocuments({ stream: name, pending: true });
      const waiting =
        pending === 0 && this.request.clock === 'stream' ? await this.eventTime.advance(this.document().clockJd) : 0;
      if (pending + waiting === 0) {
        if (isMarked) break;
        // Then once more: a unit that has run since the last look asks the stream's document what time it is.
        await store.streams.updateOne({ _id: name }, { $set: { state: 'finished', at: new Date() } });
        isMarked = true;
        continue;
      }
      this.doing = pending > 0 ? `waiting for ${pending} decisions` : `waiting for ${waiting} reactions`;
      this.beat();
      await this.context.sleep(SETTLE_POLL_MS);
    }
    this.doing = 'finished';
    return this.progress(this.doing);
  }

  private async activeChannels(): Promise<ReadyChannel[]> {
    const { store, registry } = this.deps;
    const active = await store.channels
      .find({ stream: this.request.survey, state: 'active' })
      .sort({ _id: 1 })
      .toArray();
    const configs = await store.configs.find({ _id: { $in: active.map(({ hash }) => hash) } }).toArray();
    const byHash = new Map(configs.map((config) => [config._id, config.channel]));
    return active.flatMap(({ hash }) => {
      const channel = byHash.get(hash);
      return channel === undefined ? [] : [readyChannel({ channel, hash }, registry)];
    });
  }

  private clock(): Clock {
    return this.request.clock === 'wall' ? 'live' : { stream: this.request.name };
  }

  private document(): StreamDocument {
    if (this.stream === undefined) throw new Error('the stream is not open');
    return this.stream;
  }

  private progress(doing: string): StreamProgress {
    const { position, unreadable, forwarded, clockJd } = this.document();
    const seconds = Math.max(0.001, (Date.now() - this.startedMs) / 1000);
    return {
      position,
      unreadable,
      forwarded,
      clockJd,
      alertsPerSecond: Math.round((position - this.position) / seconds),
      doing,
    };
  }
}
