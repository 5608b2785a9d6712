import { Context } from '@temporalio/activity';
import type { StreamProgress, StreamRequest } from '../model/stream.js';
import { streamTotals } from '../store/stream-positions.js';
import type { PacketPlace } from '../streams/packet.js';
import type { PartitionOwner } from '../streams/source.js';
import type { IngestDeps } from './alert-intake.js';
import type { Intake, OpenBatch } from './intake.js';
import { PartitionPositions } from './partition-positions.js';
import { StreamClock } from './stream-clock.js';
import type { Delivery } from './transport.js';

/** A deadline may wait for alerts of the same night that stand a little out of order. */
const CLOCK_SLACK_DAYS = 0.5;

/** What is open in one partition. */
interface OpenPartition<Packet extends PacketPlace> {
  /** Where its next batch begins. */
  next: number;
  end?: number;
  batch?: OpenBatch<Packet>;
}

/** One attempt of a reader: a batch that grows for each partition, and the one that is being written. */
export class Reading<Packet extends PacketPlace> implements PartitionOwner {
  /** Tells the transport; replaced once there is one. */
  acknowledge: (partition: string, offset: number) => Promise<void> = () => Promise.resolve();
  private readonly positions: PartitionPositions;
  private readonly eventTime: StreamClock;
  private readonly partitions = new Map<string, OpenPartition<Packet>>();
  private readonly context = Context.current();
  private readonly startedMs = Date.now();
  private packets = 0;
  /** One batch is written while the next is read, never more. */
  private writing: Promise<void> = Promise.resolve();
  private doing = 'reading';
  /** True while others may get the partitions: what comes of them is not ours. */
  private isReleased = false;

  constructor(
    private readonly deps: IngestDeps,
    private readonly request: StreamRequest,
    private readonly intake: Intake<Packet>,
  ) {
    this.positions = new PartitionPositions(deps.store, request.name);
    this.eventTime = new StreamClock(deps.client, deps.store, request.name);
  }

  /** Before the first delivery, and when partitions change hands: what is open comes again from where it was acknowledged. */
  async takeOver(partitions: readonly string[]): Promise<ReadonlyMap<string, number>> {
    await this.release();
    const known = await this.positions.takeOver(partitions);
    await this.intake.refresh();
    await this.intake.takeOver(known);
    for (const [partition, next] of known) this.partitions.set(partition, { next });
    this.isReleased = false;
    return known;
  }

  /** What is open is let go; what is being written is waited for. */
  async release(): Promise<void> {
    this.isReleased = true;
    this.partitions.clear();
    await this.written();
  }

  async take({ partition, packets, to, end }: Delivery<Packet>): Promise<void> {
    if (this.isReleased) return;
    let open = this.partitions.get(partition);
    const first = packets[0]?.offset ?? to;
    if (open === undefined) this.partitions.set(partition, (open = { next: first }));
    if (end !== undefined) open.end = end;
    for (const [i, packet] of packets.entries()) {
      // Now and then: channels come and go.
      if (open.batch === undefined) await this.intake.refresh();
      open.batch ??= this.intake.begin(partition, open.next);
      open.batch.add(packet);
      open.next = i === packets.length - 1 ? to : packet.offset + 1;
      if (open.batch.size >= this.request.batchSize) await this.write(open);
    }
    open.next = to;
    // Nothing more waits there: an alert now and then has not to wait for a batch to fill.
    if (end !== undefined && to >= end) await this.write(open);
  }

  /** The input has ended: what is still open is written. */
  async end(): Promise<StreamProgress> {
    for (const open of this.partitions.values()) await this.write(open);
    await this.writing;
    this.doing = 'finished';
    return this.progress();
  }

  /** Settles when nothing is being written any more, well or badly. */
  async written(): Promise<void> {
    await this.writing.catch(() => undefined);
  }

  /** Tells Temporal that the reader lives and where it is. */
  beat(): void {
    this.context.heartbeat(this.progress());
  }

  private async write(open: OpenPartition<Packet>): Promise<void> {
    const { batch, next, end } = open;
    if (batch === undefined) return;
    delete open.batch;
    await this.writing;
    if (this.isReleased) return;
    this.writing = this.persist(batch, next, end);
    this.writing.catch(() => undefined);
    this.context.cancellationSignal.throwIfAborted();
  }

  private async persist(batch: OpenBatch<Packet>, to: number, end: number | undefined): Promise<void> {
    const { partition, size } = batch;
    const counts = await batch.persist(to, this.positions.reading(partition));
    await this.positions.moveOn({ ...counts, ...(end !== undefined && { end }) });
    this.packets += size;
    if (this.request.clock === 'stream') await this.tellClock();
    this.beat();
    // Not waited for: where the transport cannot take it now, it takes the next, and the store has the position.
    this.acknowledge(partition, to).catch(() => undefined);
  }

  private async tellClock(): Promise<void> {
    const { clockJd } = await streamTotals(this.deps.store, this.request.name);
    await this.eventTime.advance(clockJd - CLOCK_SLACK_DAYS);
  }

  private progress(): StreamProgress {
    const { all } = this.positions;
    const ends = all.flatMap(({ end, offset }) => (end === undefined ? [] : [end - offset]));
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
    const seconds = Math.max(0.001, (Date.now() - this.startedMs) / 1000);
    return {
      position: ends.length > 0 ? this.packets : sum(all.map(({ offset }) => offset)),
      unreadable: sum(all.map(({ unreadable }) => unreadable)),
      forwarded: sum(all.map(({ forwarded }) => forwarded)),
      clockJd: Math.max(0, ...all.map(({ clockJd }) => clockJd)),
      alertsPerSecond: Math.round(this.packets / seconds),
      ...(ends.length > 0 && { lag: sum(ends) }),
      doing: this.doing,
    };
  }
}
