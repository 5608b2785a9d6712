import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { loadChannel } from '../../channels/load-channel.js';
import type { Json } from '../../model/canonical-json.js';
import type { ChannelRevision, UnitUse } from '../../model/channel.js';
import { contentHash } from '../../model/content-hash.js';
import { loadRegistry } from '../../units/registry.js';

const FILE = fileURLToPath(new URL('../../channels/HU_RAPID.yaml', import.meta.url));
const mapping = z.record(z.string(), z.json());

export interface ChannelChanges {
  readonly cuts: Readonly<Record<string, Json>>;
  /** With a slow computation in place of the second fast one: activities of T2 to kill. */
  readonly slow: boolean;
  /** HU_RAPID by default. */
  readonly name?: string;
}

/**
 * HU_RAPID with other cuts, two computations, and a receiver that is told of each new object, and again one night later of
 * those that were not detected again.
 */
export async function watchfulChannel({ cuts, slow, name }: ChannelChanges, url: string): Promise<ChannelRevision> {
  const loaded = await loadChannel(FILE, await loadRegistry());
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('; '));
  const { channel } = loaded.revision;
  const slowCount: UnitUse = { unit: 'T2SlowCount', version: '1.0.0', config: {}, configHash: contentHash({}) };
  const changed = {
    ...channel,
    reactions: {},
    name: name ?? channel.name,
    t0: Object.fromEntries(Object.entries(channel.t0).map(([survey, filter]) => [survey, configured(filter, cuts)])),
    t2: slow ? [...channel.t2.slice(0, 1), slowCount] : channel.t2,
    t3: channel.t3.map((rule) => ({ ...configured(rule, { url }), afterDays: rule.afterDays > 0 ? 1 : 0 })),
  };
  return { channel: changed, hash: contentHash(z.json().parse(changed)) };
}

function configured<Use extends UnitUse>(use: Use, changes: Readonly<Record<string, Json>>): Use {
  const config = { ...mapping.parse(use.config), ...changes };
  return { ...use, config, configHash: contentHash(config) };
}
