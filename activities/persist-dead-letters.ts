import { Binary } from 'mongodb';
import type { Store } from '../store/store.js';
import type { BadPacket } from '../streams/packet.js';

/** Keeps what could not be read. The same again changes nothing. */
export async function persistDeadLetters(store: Store, stream: string, bad: readonly BadPacket[]): Promise<void> {
  if (bad.length === 0) return;
  const at = new Date();
  await store.deadletters.bulkWrite(
    bad.map(({ partition, offset, place, problem: { kind, message }, bytes }) => ({
      updateOne: {
        filter: { _id: `${stream}:${partition}:${offset}` },
        update: { $setOnInsert: { stream, partition, offset, place, kind, message, bytes: new Binary(bytes), at } },
        upsert: true,
      },
    })),
    { ordered: false },
  );
}
