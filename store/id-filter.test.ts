import { filterBits, idFilter } from './id-filter.js';

const candid = (n: number): string => `59514762491${String(5_000_000 + n)}`;

function mayHave(filter: Uint8Array, id: string): boolean {
  return filterBits(id, filter.length * 8).every((bit) => ((filter[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0);
}

describe('the filter of the ids in a receipt', () => {
  const ids = new Set(Array.from({ length: 2000 }, (_, n) => candid(n)));
  const filter = idFilter(ids);

  it('has two bytes for each id, rounded up to a power of two', () => {
    expect(filter).toHaveLength(4096);
    expect(idFilter(new Set(['1']))).toHaveLength(2);
    expect(idFilter(new Set())).toHaveLength(1);
  });

  it('misses no id that is there', () => {
    expect([...ids].filter((id) => !mayHave(filter, id))).toEqual([]);
  });

  // For 16.4 bits an id and 7 probes: (1 - e^(-7/16.4))^7 = 0.0006.
  it('lets fewer than one in 500 ids through that are not there', () => {
    const others = Array.from({ length: 100_000 }, (_, n) => candid(10_000 + n));
    const through = others.filter((id) => mayHave(filter, id)).length;
    expect(through).toBeLessThan(200);
    expect(through).toBeGreaterThan(5);
  });
});
