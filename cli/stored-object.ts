import type { Channel } from '../model/channel.js';
import type { StockDocument } from '../store/documents.js';
import { findStock } from '../store/object-story.js';
import { receiptRejections } from '../store/receipt-rejections.js';
import type { Store } from '../store/store.js';
import { CliError } from './cli-error.js';
import { requireKnownChannel } from './require-known-channel.js';
import { unknownObject } from './unknown-object.js';

/** The newest revision of a channel, running or not. Throws `CliError`. */
export async function storedChannel(store: Store, name: string): Promise<Channel> {
  await requireKnownChannel(store, name);
  const found = await store.channels.findOne({ _id: name });
  const config =
    found === null
      ? await store.configs.findOne({ 'channel.name': name }, { sort: { at: -1 } })
      : await store.configs.findOne({ _id: found.hash });
  if (config === null) throw new CliError(`${name} has no revision in the data base`, 1);
  return config.channel;
}

/** The object of a name, or of a stock id. Throws `CliError` where no channel has accepted any alert of it. */
export async function requireStock(store: Store, name: string): Promise<StockDocument> {
  const stock = await findStock(store, name);
  if (stock !== undefined) return stock;
  if ((await receiptRejections(store, name)).length === 0) throw await unknownObject(store, name);
  throw new CliError(`No channel has accepted an alert of ${name}`, 2, `"ampel explain ${name}" tells why.`);
}
