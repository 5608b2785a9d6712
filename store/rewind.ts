import { ARCHIVE_PARTITION } from '../model/stream.js';
import { doublesOf } from './rejection-rows.js';
import type { Store } from './store.js';

/**
 * Sets where a stream reads on, partition by partition. What is read again has receipts of its own: those of the earlier
 * reading stay.
 */
export async function rewind(store: Store, stream: string, offsets: ReadonlyMap<string, number>): Promise<void> {
  for (const [partition, offset] of offsets) {
    const fresh = { stream, partition, clockJd: 0, read: 0, unreadable: 0, forwarded: 0 };
    await store.positions.updateOne(
      { _id: `${stream}:${partition}` },
      { $set: { offset, at: new Date() }, $inc: { reading: 1 }, $setOnInsert: fresh },
      { upsert: true },
    );
  }
}

/**
 * Where in an archive the first batch begins that has an alert from this event time on (Julian date), as the receipts
 * tell; undefined where none has.
 */
export async function archiveOffsetAt(store: Store, stream: string, jd: number): Promise<number | undefined> {
  const receipts = store.receipts
    .find({ stream, partition: ARCHIVE_PARTITION }, { projection: { from: 1, jds: 1 } })
    .sort({ from: 1 });
  for await (const { from, jds } of receipts) {
    if (doublesOf(jds).some((time) => time >= jd)) return from;
  }
  return undefined;
}
