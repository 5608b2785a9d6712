import { UNDECIDED_MEANINGS } from '../model/decision.js';
import type { Registry } from '../units/registry.js';

const CAP_MEANING = 'the channel had accepted as many new objects of the night as its cap allows, and was paused';

/**
 * What each reason of a rejection means, by the filters that these labels name: a filter, or a combination such as
 * `all(DecentFilter, WatchlistFilter)`. Of a filter that this program does not have, only the common ones.
 */
export function reasonMeanings(registry: Registry, labels: readonly string[]): Readonly<Record<string, string>> {
  const names = new Set(labels.flatMap((label) => label.match(/\w+/g) ?? []));
  const filters = registry.all().flatMap((unit) => (unit.tier === 't0' && names.has(unit.name) ? [unit.reasons] : []));
  return Object.assign({}, UNDECIDED_MEANINGS, { cap: CAP_MEANING }, ...filters) as Record<string, string>;
}
