import { Binary } from 'mongodb';
import type { Store } from './store.js';

/** Stores the files that a channel names, by sha256. */
export async function writeFiles(store: Store, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const at = new Date();
  for (const [_id, bytes] of files) {
    await store.files.updateOne({ _id }, { $setOnInsert: { bytes: new Binary(bytes), at } }, { upsert: true });
  }
}

/** The files of these hashes; those that are not there are left out. */
export async function readFiles(store: Store, hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
  if (hashes.length === 0) return new Map();
  const found = await store.files.find({ _id: { $in: [...hashes] } }).toArray();
  return new Map(found.map(({ _id, bytes }) => [_id, bytes.value()]));
}
