import type { Store } from '../store/store.js';
import { unknownName } from './unknown-name.js';

/** Throws `CliError` (wrong input) where no channel of this name was ever started. */
export async function requireKnownChannel(store: Store, name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const known = await store.configs.distinct('channel.name');
  if (!known.includes(name)) throw unknownName('channel', name, known, 'ampel channel list');
}
