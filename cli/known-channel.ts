import type { Channel } from '../model/channel.js';
import type { Store } from '../store/store.js';
import { CliError } from './cli-error.js';
import { requireKnownChannel } from './require-known-channel.js';

/** The newest revision of a channel, running or not. Throws `CliError` (wrong input) where it was never started. */
export async function knownChannel(store: Store, name: string): Promise<Channel> {
  await requireKnownChannel(store, name);
  const found = await store.channels.findOne({ _id: name });
  const config =
    found === null
      ? await store.configs.findOne({ 'channel.name': name }, { sort: { at: -1 } })
      : await store.configs.findOne({ _id: found.hash });
  if (config === null) throw new CliError(`${name} has no revision in the data base`, 1);
  return config.channel;
}
