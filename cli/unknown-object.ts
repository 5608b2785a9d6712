import { rejectedObjects } from '../store/receipt-rejections.js';
import type { Store } from '../store/store.js';
import type { CliError } from './cli-error.js';
import { unknownName } from './unknown-name.js';

/** So many names are compared with a misspelt one: half a second. */
const MOST_NAMES = 200_000;

/** The error for a name that no stored object has; with `rejected`, also none that a channel refused. */
export async function unknownObject(store: Store, name: string, { rejected = false } = {}): Promise<CliError> {
  const stocks = await store.stocks
    .find({}, { projection: { names: 1 } })
    .limit(MOST_NAMES)
    .toArray();
  const names = stocks.flatMap((stock) => stock.names);
  if (rejected) names.push(...(await rejectedObjects(store, MOST_NAMES)));
  return unknownName('object', name, names, 'ampel transient list');
}
