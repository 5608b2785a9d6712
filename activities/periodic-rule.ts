import type { PeriodicRule } from '../model/channel.js';
import type { ReadyChannel } from './channel-revisions.js';
import { refusal } from './reaction-failure.js';

/** The rule of a channel that a run is of. Throws, for good, where the revision has none of this name. */
export function periodicRuleOf({ channel, ref }: ReadyChannel, name: string): PeriodicRule {
  const rule = channel.periodic?.find((one) => one.name === name);
  if (rule === undefined) throw refusal(`${ref} has no periodic rule ${name}`);
  return rule;
}
