import xxhash from 'xxhash-wasm';

const hasher = await xxhash();

/**
 * AMPEL's identity of a state: xxh32 (seed 0) over the ids of its datapoints, sorted ascending and packed as
 * big-endian signed 64-bit integers, read as a signed 32-bit integer. The order of `ids` does not matter.
 */
export function stateLink(ids: Iterable<string>): number {
  const sorted = BigInt64Array.from(ids, (id) => BigInt(id)).sort();
  const packed = new DataView(new ArrayBuffer(sorted.length * 8));
  sorted.forEach((id, i) => {
    packed.setBigInt64(i * 8, id);
  });
  return hasher.h32Raw(new Uint8Array(packed.buffer), 0) | 0;
}

/** Ids in AMPEL's order inside a state: ascending as 64-bit integers. */
export function sortIds(ids: Iterable<string>): string[] {
  return Array.from(BigInt64Array.from(ids, (id) => BigInt(id)).sort(), String);
}
