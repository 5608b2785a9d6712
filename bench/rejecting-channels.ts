import { readyChannel, type ReadyChannel } from '../activities/channel-revisions.js';
import type { Channel } from '../model/channel.js';
import type { Registry } from '../units/registry.js';
import { benchChannel, HU_RAPID_CUTS } from './installation.js';

/** Channels with the cuts of HU_RAPID, each a little different, that refuse everything: no galactic latitude is 91 degrees. */
export function rejectingChannels(count: number): Promise<Channel[]> {
  return Promise.all(
    Array.from({ length: count }, (_, i) =>
      benchChannel(`SCREEN${i}`, { ...HU_RAPID_CUTS, min_rb: 0.2 + i / 50, max_tspan: 5 + 10 * i, min_gal_lat: 91 }),
    ),
  );
}

/** The same, ready to screen. */
export async function readyRejecting(registry: Registry, count: number): Promise<ReadyChannel[]> {
  const channels = await rejectingChannels(count);
  return channels.map((channel, i) => readyChannel({ channel, hash: String(i).repeat(64) }, registry));
}
