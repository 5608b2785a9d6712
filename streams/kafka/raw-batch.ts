import type { RawBatch } from '../source.js';
import { toOffset, type Offsets } from './cluster-view.js';
import type { FetchedBatch } from './session.js';

const NOTHING = Buffer.alloc(0);

/** A fetched batch as the port wants it, cut where the source is to end. A message without a value has no bytes. */
export function rawBatch({ key, messages, to, end }: FetchedBatch, ends: Offsets | undefined): RawBatch {
  const last = ends === undefined ? Infinity : (ends.get(key) ?? 0);
  const packets = messages.map(({ offset, value }) => ({
    offset: toOffset(offset),
    place: `${key} offset ${offset}`,
    bytes: value ?? NOTHING,
  }));
  return { partition: key, packets: packets.filter(({ offset }) => offset < last), to: Math.min(to, last), end };
}
