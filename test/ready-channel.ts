import { z } from 'zod';
import { readyChannel, type ReadyChannel } from '../activities/channel-revisions.js';
import type { Channel, FilterUse, UnitUse } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import type { Json } from '../model/canonical-json.js';
import { defineFilter, type Unit } from '../units/define.js';
import { registryOf, type Registry } from '../units/registry.js';

/** Accepts what is brighter than `max_mag`; fails on an alert of exactly 13 mag. */
export const brightFilter = defineFilter({
  name: 'BrightFilter',
  version: '1.0.0',
  summary: 'Bright transients.',
  config: z.strictObject({ max_mag: z.number().default(19) }),
  reads: { candidate: ['magpsf'], history: [] },
  reasons: { magpsf: 'fainter than max_mag' },
  run({ candidate: { magpsf } }, { max_mag }) {
    if (magpsf === 13) throw new TypeError('this filter has never seen 13 mag');
    if (Number(magpsf) < max_mag) return { accepted: true };
    return { accepted: false, reason: 'magpsf', field: 'magpsf', value: magpsf, limit: max_mag };
  },
});

/** Accepts what was detected before. */
export const seenBeforeFilter = defineFilter({
  name: 'SeenBeforeFilter',
  version: '1.0.0',
  summary: 'Transients with a history.',
  config: z.strictObject({}),
  reads: { candidate: [], history: ['jd', 'candid'] },
  reasons: { nDet: 'never detected before' },
  run({ history }) {
    return history.some(({ candid }) => candid != null) ? { accepted: true } : { accepted: false, reason: 'nDet' };
  },
});

/** A registry of these units, as if each had its file. */
export function testRegistry(...units: readonly Unit[]): Registry {
  const kebab = (name: string): string =>
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
      .toLowerCase();
  return registryOf(
    units.map((unit) => ({
      file: `units/${unit.tier}/${kebab(unit.name)}.ts`,
      tier: unit.tier,
      exports: { [unit.name]: unit },
    })),
  );
}

/** How a channel uses a unit. */
export function use({ name, version }: Unit, config: Json = {}): UnitUse {
  return { unit: name, version, config, configHash: contentHash(config) };
}

/** A public channel without T2 and T3, and what differs. */
export function testChannel(name: string, t0: FilterUse, over: Partial<Channel> = {}): Channel {
  return { name, version: '1', streams: ['ztf'], access: ['ZTF_PUB'], t0: { ztf: t0 }, t2: [], t3: [], ...over };
}

export function ready(channel: Channel, registry: Registry): ReadyChannel {
  return readyChannel({ channel, hash: contentHash(JSON.parse(JSON.stringify(channel)) as Json) }, registry);
}
