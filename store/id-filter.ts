import xxhash from 'xxhash-wasm';

const hasher = await xxhash();

/** Together they let one in 1,500 ids through that is not in the set. */
const BITS_PER_ID = 16;
const PROBES = 7;

/**
 * A set of ids as a Bloom filter (Bloom 1970; the probes by double hashing, Kirsch & Mitzenmacher 2006): it may claim an
 * id that it does not have, and never misses one that it has. Bit n is bit n % 8 of byte n / 8, as MongoDB counts them.
 */
export function idFilter(ids: ReadonlySet<string>): Uint8Array {
  const size = 2 ** Math.ceil(Math.log2(Math.max(8, ids.size * BITS_PER_ID)));
  const bytes = new Uint8Array(size / 8);
  for (const id of ids) {
    for (const bit of filterBits(id, size)) {
      const byte = bit >>> 3;
      bytes[byte] = (bytes[byte] ?? 0) | (1 << (bit & 7));
    }
  }
  return bytes;
}

/** The bits that a filter of `size` bits has set where it has this id. */
export function filterBits(id: string, size: number): number[] {
  const step = hasher.h32(id, 1) | 1;
  let hash = hasher.h32(id, 0);
  return Array.from({ length: PROBES }, () => {
    const bit = (hash >>> 0) % size;
    hash = (hash + step) | 0;
    return bit;
  });
}
