import type { ChannelRevision } from '../model/channel.js';
import type { ChannelDocument } from '../store/config-documents.js';
import type { Store } from '../store/store.js';

/** Stores a channel revision under its hash and makes it the one that streams are screened with. */
export async function activateChannel(store: Store, { channel, hash }: ChannelRevision): Promise<void> {
  const at = new Date();
  await store.configs.updateOne({ _id: hash }, { $setOnInsert: { channel, at } }, { upsert: true });
  await store.channels.updateOne(
    { _id: channel.name },
    { $set: { hash, streams: channel.streams, state: 'active', at }, $unset: { because: true }, $inc: { epoch: 1 } },
    { upsert: true },
  );
}

/** `because`: why it is paused, where no person has asked for that. */
export async function setChannelState(
  store: Store,
  name: string,
  state: ChannelDocument['state'],
  because?: string,
): Promise<void> {
  await store.channels.updateOne(
    { _id: name },
    {
      $set: { state, at: new Date(), ...(because !== undefined && { because }) },
      ...(because === undefined && { $unset: { because: true } }),
      ...(state === 'active' && { $inc: { epoch: 1 } }),
    },
  );
}
