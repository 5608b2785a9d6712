import { MongoServerError, type ClientSession } from 'mongodb';
import type { PositionDocument } from '../store/documents.js';
import { DUPLICATE_KEY } from '../store/group-commit.js';
import type { Store } from '../store/store.js';

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
  /** Writes the receipt, in the transaction of the position where there is one: by one reader, or by none. */
  readonly receipt?: (session?: ClientSession) => Promise<void>;
}

/** Another reader has moved the position, or this one has and has not heard of it. */
class Moved extends Error {}

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
    for (const position of known) this.owned.set(position.partition, position);
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
  async moveOn(batch: BatchCounts): Promise<void> {
    const { partition, from, receipt } = batch;
    const before = this.owned.get(partition);
    const next = this.positionAfter(batch, before);
    try {
      await this.store.positions.db.client.withSession((session) =>
        session.withTransaction(async () => {
          await (before === undefined ? this.insert(next, session) : this.replace(next, from, session));
          await receipt?.(session);
        }),
      );
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
      await this.requireOwn(next);
    }
    this.owned.set(partition, next);
  }

  private positionAfter(
    { partition, to, end, read, unreadable, forwarded, clockJd }: BatchCounts,
    before: PositionDocument | undefined,
  ): PositionDocument {
    const { stream } = this;
    return {
      _id: `${stream}:${partition}`,
      ...{ stream, partition, reading: before?.reading ?? 0, offset: to },
      ...(end !== undefined && { end }),
      clockJd: Math.max(before?.clockJd ?? 0, clockJd),
      read: (before?.read ?? 0) + read,
      unreadable: (before?.unreadable ?? 0) + unreadable,
      forwarded: (before?.forwarded ?? 0) + forwarded,
      at: new Date(),
    };
  }

  private async insert(next: PositionDocument, session: ClientSession): Promise<void> {
    try {
      await this.store.positions.insertOne(next, { session });
    } catch (error) {
      throw error instanceof MongoServerError && error.code === DUPLICATE_KEY ? new Moved() : error;
    }
  }

  private async replace({ _id, ...next }: PositionDocument, from: number, session: ClientSession): Promise<void> {
    const own = { _id, offset: from, reading: next.reading };
    const { matchedCount } = await this.store.positions.replaceOne(own, next, { session });
    if (matchedCount === 0) throw new Moved();
  }

  /** A transaction whose answer was lost may have been carried out and tried again. */
  private async requireOwn({ _id, offset, read, reading }: PositionDocument): Promise<void> {
    const now = await this.store.positions.findOne({ _id });
    if (now?.offset === offset && now.read === read && now.reading === reading) return;
    throw new Error(`another reader has moved ${_id} to ${now?.offset ?? 'nowhere'}`);
  }
}
