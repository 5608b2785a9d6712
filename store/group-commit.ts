import { MongoBulkWriteError, type AnyBulkWriteOperation, type Collection, type Document } from 'mongodb';

/** MongoDB's code for a document that is there already. */
export const DUPLICATE_KEY = 11_000;
const MAX_TRIES = 5;

/**
 * Writes of many callers in one round trip: while a bulk write is on its way, what comes in waits for the next.
 * Every operation must be idempotent: an upsert race is answered by writing again. The promise resolves after the write
 * that holds the operations was acknowledged, and rejects with its error.
 */
export class GroupCommit<Schema extends Document> {
  private waiting: {
    operations: readonly AnyBulkWriteOperation<Schema>[];
    done: () => void;
    failed: (error: unknown) => void;
  }[] = [];
  private busy = false;

  constructor(private readonly collection: Collection<Schema>) {}

  async write(operations: readonly AnyBulkWriteOperation<Schema>[]): Promise<void> {
    if (operations.length === 0) return;
    await new Promise<void>((done, failed) => {
      this.waiting.push({ operations, done, failed });
      if (!this.busy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.busy = true;
    // One turn of the event loop, so that callers of the same turn share the first round trip too.
    await new Promise(setImmediate);
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0);
      try {
        await this.bulkWrite(group.flatMap((one) => one.operations));
        for (const one of group) one.done();
      } catch (error) {
        for (const one of group) one.failed(error);
      }
    }
    this.busy = false;
  }

  private async bulkWrite(operations: AnyBulkWriteOperation<Schema>[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.collection.bulkWrite(operations, { ordered: false });
        return;
      } catch (error) {
        // Two processes upserted the same document at once: the second finds it there when it tries again.
        if (!(error instanceof MongoBulkWriteError) || error.code !== DUPLICATE_KEY || attempt === MAX_TRIES)
          throw error;
      }
    }
  }
}
