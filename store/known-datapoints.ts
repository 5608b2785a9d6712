import type { Datapoint } from '../model/datapoint.js';
import { datapointOf, type DatapointDocument } from './documents.js';
import type { GroupRead } from './group-read.js';

/** About 100 MB: the points of some hundred objects that are under way. */
const MAX_KEPT = 20_000;

/** Datapoints by `_id`. Their bodies never change, so those read last are kept. */
export class KnownDatapoints {
  private readonly kept = new Map<string, Datapoint>();

  constructor(private readonly documents: GroupRead<DatapointDocument>) {}

  /** The points with these `_id`s, by datapoint id; those that are not stored are absent. */
  async read(keys: readonly string[]): Promise<Map<string, Datapoint>> {
    const found = new Map<string, Datapoint>();
    const missing: string[] = [];
    for (const key of keys) {
      const point = this.kept.get(key);
      if (point === undefined) {
        missing.push(key);
        continue;
      }
      // Used last, dropped last.
      this.kept.delete(key);
      this.kept.set(key, point);
      found.set(point.id, point);
    }
    if (missing.length === 0) return found;
    for (const [key, documents] of await this.documents.read(missing)) {
      for (const document of documents) {
        const point = datapointOf(document);
        this.kept.set(key, point);
        found.set(point.id, point);
      }
    }
    for (const key of this.kept.keys()) {
      if (this.kept.size <= MAX_KEPT) break;
      this.kept.delete(key);
    }
    return found;
  }
}
