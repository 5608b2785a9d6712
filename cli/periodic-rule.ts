import type { PeriodicRule } from '../model/channel.js';
import { nearestName } from '../model/nearest-name.js';
import type { Store } from '../store/store.js';
import { CliError } from './cli-error.js';

/** A periodic rule of a channel that runs or is paused. */
export interface KnownRule {
  readonly channel: string;
  readonly channelHash: string;
  readonly rule: PeriodicRule;
}

/** The periodic rules of all channels that were not stopped, or of one of them. */
export async function knownRules(store: Store, channel?: string): Promise<KnownRule[]> {
  const filter = { state: { $ne: 'stopped' as const }, ...(channel !== undefined && { _id: channel }) };
  const channels = await store.channels.find(filter).sort({ _id: 1 }).toArray();
  const revisions = await store.configs.find({ _id: { $in: channels.map(({ hash }) => hash) } }).toArray();
  const byHash = new Map(revisions.map((revision) => [revision._id, revision.channel]));
  return channels.flatMap(({ _id, hash }) =>
    (byHash.get(hash)?.periodic ?? []).map((rule) => ({ channel: _id, channelHash: hash, rule })),
  );
}

/** The rule that `HU_RAPID/morning` means. Throws `CliError` (wrong input) where there is none. */
export async function requireRule(store: Store, name: string): Promise<KnownRule> {
  const rules = await knownRules(store);
  const found = rules.find(({ channel, rule }) => `${channel}/${rule.name}` === name);
  if (found !== undefined) return found;
  const names = rules.map(({ channel, rule }) => `${channel}/${rule.name}`);
  const meant = nearestName(name, names);
  const advice = meant === undefined ? '' : ` Did you mean ${meant}?`;
  const known = names.length === 0 ? 'No channel that runs has any.' : `There are ${names.join(', ')}.`;
  throw new CliError(`There is no periodic rule ${name}.${advice}`, 2, known);
}
