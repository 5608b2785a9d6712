import type { AnyBulkWriteOperation, ClientSession } from 'mongodb';
import { nightOfJd } from '../model/julian-date.js';
import type { Rejection } from '../model/decision.js';
import type { AcceptanceDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';

/** A channel whose cap is watched. */
export interface CappedChannel {
  readonly name: string;
  readonly maxPerNight: number;
  /** How often the channel was made active: whoever resumes it gives it another cap's worth. */
  readonly epoch: number;
}

/** What one batch took of the caps. */
export class BatchAcceptances {
  /** Newly accepted objects by counter. */
  readonly counts = new Map<string, number>();
  /** Channels that have reached their cap, with the message for whoever finds them paused. */
  readonly full = new Map<string, string>();
}

/** How many objects channels have newly accepted of each night, as far as this reader knows. */
export class NightCaps {
  private channels = new Map<string, CappedChannel>();
  private readonly counts = new Map<string, number>();

  /** What other readers have accepted too. */
  async hear(store: Store, channels: readonly CappedChannel[]): Promise<void> {
    this.channels = new Map(channels.map((channel) => [channel.name, channel]));
    if (channels.length === 0) return;
    const found = await store.acceptances
      .find({ $or: channels.map(({ name, epoch }) => ({ channel: name, epoch })) })
      .toArray();
    for (const { _id, objects } of found) this.counts.set(_id, Math.max(objects, this.counts.get(_id) ?? 0));
  }

  /** What this reader admitted and has not written is forgotten: another reads it again, or this one. */
  async hearAnew(store: Store): Promise<void> {
    this.counts.clear();
    await this.hear(store, [...this.channels.values()]);
  }

  /** Counts a newly accepted object; a rejection where the channel has had its fill of that night. */
  admit(batch: BatchAcceptances, name: string, jd: number): Rejection | undefined {
    const channel = this.channels.get(name);
    if (channel === undefined) return undefined;
    const { maxPerNight, epoch } = channel;
    const night = nightOfJd(jd);
    const key = `${name}/${epoch}/${night}`;
    const count = this.counts.get(key) ?? 0;
    if (count >= maxPerNight) {
      batch.full.set(
        name,
        `its cap of ${maxPerNight} newly accepted objects a night was reached in the night ${night}`,
      );
      return { accepted: false, reason: 'cap', value: count, limit: maxPerNight };
    }
    this.counts.set(key, count + 1);
    batch.counts.set(key, (batch.counts.get(key) ?? 0) + 1);
    return undefined;
  }
}

/** Writes what a batch took, in the transaction in which its position moves on: it counts once. */
export async function writeAcceptances(
  store: Store,
  { counts }: BatchAcceptances,
  session?: ClientSession,
): Promise<void> {
  if (counts.size === 0) return;
  const writes = Array.from(counts, ([_id, objects]): AnyBulkWriteOperation<AcceptanceDocument> => {
    const [channel = '', epoch, night = ''] = _id.split('/');
    const identity = { channel, epoch: Number(epoch), night };
    return { updateOne: { filter: { _id }, update: { $setOnInsert: identity, $inc: { objects } }, upsert: true } };
  });
  await store.acceptances.bulkWrite(writes, { ordered: false, ...(session && { session }) });
}
