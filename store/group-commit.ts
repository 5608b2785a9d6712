import {
  BSON,
  MongoBulkWriteError,
  MongoInvalidArgumentError,
  MongoServerError,
  type AnyBulkWriteOperation,
  type Collection,
  type Document,
} from 'mongodb';
import { nextTurn } from './next-turn.js';

/** MongoDB's code for a document that is there already. */
export const DUPLICATE_KEY = 11_000;
const MAX_TRIES = 5;

interface Waiting<Schema extends Document> {
  readonly operations: readonly AnyBulkWriteOperation<Schema>[];
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Writes of many callers in one round trip: while a bulk write is on its way, what comes in waits for the next.
 * Every operation must be idempotent: an upsert race is answered by writing again, and a document that is to be inserted
 * and is there stays as it is. The promise resolves after the write that holds the operations was acknowledged, and rejects
 * with its error.
 */
export class GroupCommit<Schema extends Document> {
  private waiting: Waiting<Schema>[] = [];
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
    while (this.waiting.length > 0) {
      await nextTurn();
      const group = this.waiting.splice(0);
      try {
        await this.bulkWrite(group.flatMap((one) => one.operations));
        for (const one of group) one.done();
      } catch (error) {
        if (group.length > 1 && isOfOneDocument(error)) await this.runEach(group);
        else for (const one of group) one.failed(error);
      }
    }
    this.busy = false;
  }

  /** One caller's document cannot be written: the others have nothing to do with it. */
  private async runEach(group: readonly Waiting<Schema>[]): Promise<void> {
    for (const one of group) await this.bulkWrite(one.operations).then(one.done, one.failed);
  }

  private async bulkWrite(operations: readonly AnyBulkWriteOperation<Schema>[]): Promise<void> {
    let rest = operations;
    for (let attempt = 1; rest.length > 0; attempt++) {
      try {
        await this.collection.bulkWrite([...rest], { ordered: false });
        return;
      } catch (error) {
        const refused = duplicatesIn(error);
        if (refused === undefined || attempt === MAX_TRIES) throw error;
        // Two processes upserted the same document at once: the second finds it there when it tries again.
        rest = rest.filter((operation, i) => refused.has(i) && !('insertOne' in operation));
      }
    }
  }
}

/** True where what was to be written is at fault, and not the connection or the server. */
function isOfOneDocument(error: unknown): boolean {
  // What a server answers that can take no writes now has this label.
  if (error instanceof MongoServerError) return !error.hasErrorLabel('RetryableWriteError');
  return error instanceof BSON.BSONError || error instanceof MongoInvalidArgumentError || error instanceof RangeError;
}

/** Numbers of the operations that failed because a document was there; `undefined` where anything else went wrong. */
function duplicatesIn(error: unknown): ReadonlySet<number> | undefined {
  if (!(error instanceof MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) return undefined;
  const errors = [error.writeErrors].flat();
  if (errors.length === 0 || errors.some(({ code }) => code !== DUPLICATE_KEY)) return undefined;
  return new Set(errors.map(({ index }) => index));
}
