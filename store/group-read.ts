import { setTimeout as sleep } from 'node:timers/promises';
import type { Collection, Document, Filter } from 'mongodb';
import { nextTurn } from './next-turn.js';

/** Reads of many callers in one round trip: documents by the values of one field, asked for together. */
export class GroupRead<Schema extends Document> {
  private waiting: {
    keys: readonly string[];
    done: (found: Map<string, Schema[]>) => void;
    failed: (error: unknown) => void;
  }[] = [];
  private busy = false;

  constructor(
    private readonly collection: Collection<Schema>,
    private readonly field: keyof Schema & string,
    private readonly options: {
      /** Fields that the readers do without. */
      readonly without?: readonly (keyof Schema & string)[];
      /** How long the first of a group waits for others; default: for those of the same turn of the event loop. */
      readonly gatherMs?: number;
    } = {},
  ) {}

  /** Documents whose field has one of these values, by value; values that no document has are absent. */
  read(keys: readonly string[]): Promise<Map<string, Schema[]>> {
    return new Promise((done, failed) => {
      this.waiting.push({ keys, done, failed });
      if (!this.busy) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.busy = true;
    const { gatherMs } = this.options;
    while (this.waiting.length > 0) {
      await (gatherMs === undefined ? nextTurn() : sleep(gatherMs));
      const group = this.waiting.splice(0);
      try {
        const found = await this.find([...new Set(group.flatMap((one) => one.keys))]);
        for (const one of group) {
          const own = one.keys.flatMap((key) => {
            const documents = found.get(key);
            return documents === undefined ? [] : [[key, documents] as const];
          });
          one.done(new Map(own));
        }
      } catch (error) {
        for (const one of group) one.failed(error);
      }
    }
    this.busy = false;
  }

  private async find(keys: readonly string[]): Promise<Map<string, Schema[]>> {
    const found = new Map<string, Schema[]>();
    const projection = Object.fromEntries((this.options.without ?? []).map((name) => [name, 0]));
    const filter = { [this.field]: { $in: keys } } as Filter<Schema>;
    for (const document of (await this.collection.find(filter, { projection }).toArray()) as unknown as Schema[]) {
      const key = String(document[this.field]);
      const documents = found.get(key);
      if (documents === undefined) found.set(key, [document]);
      else documents.push(document);
    }
    return found;
  }
}
