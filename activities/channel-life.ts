import type { ChannelRevision } from '../model/channel.js';
import type { ChannelDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';

/** Stores a channel revision under its hash and makes it the one that streams are screened with. */
export async function activateChannel(store: Store, { channel, hash }: ChannelRevision): Promise<void> {
  const at = new Date();
  await store.configs.updateOne({ _id: hash }, { $setOnInsert: { channel, at } }, { upsert: true });
  await store.channels.updateOne(
    { _id: channel.name },
    { $set: { hash, stream: channel.stream, state: 'active', at } },
    { upsert: true },
  );
}

export async function setChannelState(store: Store, name: string, state: ChannelDocument['state']): Promise<void> {
  await store.channels.updateOne({ _id: name }, { $set: { state, at: new Date() } });
}
