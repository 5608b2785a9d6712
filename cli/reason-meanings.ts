import type { Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';

/** What each reason of a filter's rejections means; for a filter that this program does not have, only the common ones. */
export function reasonMeanings(registry: Registry, filter: string): Readonly<Record<string, string>> {
  const unit = registry.all().find((one: Unit) => one.name === filter);
  const own = unit?.tier === 't0' ? unit.reasons : {};
  return { ...own, access: 'data that the channel has no right to see' };
}
