import { MongoServerError } from 'mongodb';
import type { PositionDocument } from '../store/documents.js';
import { DUPLICATE_KEY } from '../store/group-commit.js';
import type { Store } from '../store/store.js';
import { dropReceiptsFrom } from './persist-receipt.js';

/** What a batch adds to its partition's counts. */
export interface BatchCounts {
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  readonly end?: number;
  readonly read: number;
  readonly unreadable: number;
  readonly forwarded: number;
  readonly clockJd: number;
}

/** The partitions that one reader has, and where it stands in each. */
export class PartitionPositions {
  private readonly owned = new Map<string, PositionDocument>();

  constructor(
    private readonly store: Store,
    private readonly stream: string,
  ) {}

  /** Reads where these partitions stand; from now on this reader moves them. Those that nobody has read are left out. */
  async takeOver(partitions: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { store, stream } = this;
    const known = await store.positions.find({ stream, partition: { $in: [...partitions] } }).toArray();
    this.owned.clear();
    for (const position of known) {
      const { partition, reading, offset } = position;
      await dropReceiptsFrom(store, { stream, reading }, partition, offset);
      this.owned.set(partition, position);
    }
    return new Map(known.map(({ partition, offset }) => [partition, offset]));
  }

  /** Which reading of the partition this is: more than 0 once it was rewound. */
  reading(partition: string): number {
    return this.owned.get(partition)?.reading ?? 0;
  }

  get all(): readonly PositionDocument[] {
    return [...this.owned.values()];
  }

  /** Moves a partition past a batch that has had its effects. Throws where another reader has taken over meanwhile. */
  async moveOn({ partition, from, to, end, read, unreadable, forwarded, clockJd }: BatchCounts): Promise<void> {
    const { stream } = this;
    const before = this.owned.get(partition);
    const next: PositionDocument = {
      _id: `${stream}:${partition}`,
      ...{ stream, partition, reading: before?.reading ?? 0, offset: to },
      ...(end !== undefined && { end }),
      clockJd: Math.max(before?.clockJd ?? 0, clockJd),
      read: (before?.read ?? 0) + read,
      unreadable: (before?.unreadable ?? 0) + unreadable,
      forwarded: (before?.forwarded ?? 0) + forwarded,
      at: new Date(),
    };
    await (before === undefined ? this.insert(next) : this.replace(next, from));
    this.owned.set(partition, next);
  }

  private async insert(next: PositionDocument): Promise<void> {
    try {
      await this.store.positions.insertOne(next);
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error;
      await this.requireOwn(next);
    }
  }

  private async replace({ _id, ...next }: PositionDocument, from: number): Promise<void> {
    const { matchedCount } = await this.store.positions.replaceOne({ _id, offset: from, reading: next.reading }, next);
    if (matchedCount === 0) await this.requireOwn({ _id, ...next });
  }

  /** A write whose answer was lost may have been carried out and tried again. */
  private async requireOwn({ _id, offset, read, reading }: PositionDocument): Promise<void> {
    const now = await this.store.positions.findOne({ _id });
    if (now?.offset === offset && now.read === read && now.reading === reading) return;
    throw new Error(`another reader has moved ${_id} to ${now?.offset ?? 'nowhere'}`);
  }
}
