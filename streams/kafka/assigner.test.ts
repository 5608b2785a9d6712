import fc from 'fast-check';
import { shareOut, type Candidate } from './assigner.js';

function readers(count: number, topics: readonly string[]): Candidate[] {
  return Array.from({ length: count }, (_, i) => ({
    memberId: `member-${(i * 7) % 11}-${i}`,
    topics,
    order: String(i),
  }));
}

const nights = (topics: number, partitions: number): string[] =>
  Array.from({ length: topics }, (_, t) => Array.from({ length: partitions }, (_, p) => `ztf_2026010${t}/${p}`)).flat();

describe('the partitions of the readers', () => {
  it('go round: reader 0 has the first', () => {
    const [first, second] = readers(2, ['ztf_20260100']);
    const shares = shareOut(readers(2, ['ztf_20260100']), nights(1, 4));
    expect(shares.get(first?.memberId ?? '')).toEqual(['ztf_20260100/0', 'ztf_20260100/2']);
    expect(shares.get(second?.memberId ?? '')).toEqual(['ztf_20260100/1', 'ztf_20260100/3']);
  });

  it('do not all go to one where each night has one partition', () => {
    const topics = nights(4, 1).map((key) => key.slice(0, -2));
    const shares = shareOut(readers(2, topics), nights(4, 1));
    expect([...shares.values()].map((share) => share.length)).toEqual([2, 2]);
  });

  it('go only to who reads the topic, and to nobody where nobody does', () => {
    const [one] = readers(1, ['ztf_20260101']);
    const shares = shareOut(
      [{ ...readers(1, [])[0], memberId: 'idle', topics: [], order: '5' }, one].flatMap((r) => r ?? []),
      nights(3, 2),
    );
    expect(shares.get('idle')).toEqual([]);
    expect(shares.get(one?.memberId ?? '')).toEqual(['ztf_20260101/0', 'ztf_20260101/1']);
  });

  it('are each with one reader, as evenly as may be, and the same in whatever order all are named', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat()),
        (readerCount, topicCount, partitionCount, random) => {
          const partitions = nights(topicCount, partitionCount);
          const candidates = readers(readerCount, [...new Set(partitions.map((key) => key.slice(0, -2)))]);
          const shares = shareOut(candidates, partitions);
          expect([...shares.values()].flat().sort()).toEqual([...partitions].sort());
          const sizes = [...shares.values()].map((share) => share.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          const mixed = <Item>(items: readonly Item[]): Item[] =>
            items
              .map((item) => ({ item, at: Number(random.next().value) }))
              .sort((a, b) => a.at - b.at)
              .map(({ item }) => item);
          expect(new Map([...shareOut(mixed(candidates), mixed(partitions))].sort())).toEqual(
            new Map([...shares].sort()),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
