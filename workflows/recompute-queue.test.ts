import type { Recomputation } from '../model/recompute.js';
import { RecomputeQueue } from './recompute-queue.js';

function run(key: string, after: readonly string[] = []): Recomputation {
  const task = { key, unit: `T2${key}`, link: '1', alertId: '1', jd: 2458426.75, channels: [], after };
  return { survey: 'ztf', objectId: 'ZTF18abxhyqv', stock: '360504273', clock: 'live', task };
}

const keysOf = (runs: readonly Recomputation[]): string[] => runs.map(({ task }) => task.key);

describe('computations that build on each other', () => {
  it('are taken when all that they need has ended, however it ended', () => {
    const queue = new RecomputeQueue(
      [run('colour', ['peak', 'host']), run('peak', ['fit']), run('fit'), run('host')],
      9,
    );
    expect(keysOf(queue.take(9))).toEqual(['fit', 'host']);
    expect(queue.canTake).toBe(false);
    queue.end('host');
    expect(queue.canTake).toBe(false);
    queue.end('fit');
    expect(keysOf(queue.take(9))).toEqual(['peak']);
    queue.end('peak');
    expect(keysOf(queue.take(9))).toEqual(['colour']);
    expect(queue.isDone).toBe(false);
    queue.end('colour');
    expect(queue.isDone).toBe(true);
  });

  it('do not wait for what is no part of it: that is in the store', () => {
    expect(keysOf(new RecomputeQueue([run('colour', ['stored'])], 9).take(9))).toEqual(['colour']);
  });
});

describe('computations that run', () => {
  it('are so many at most', () => {
    const queue = new RecomputeQueue(
      ['a', 'b', 'c', 'd'].map((key) => run(key)),
      3,
    );
    expect(keysOf(queue.take(2))).toEqual(['a', 'b']);
    expect(keysOf(queue.take(2))).toEqual(['c']);
    expect(queue.canTake).toBe(false);
    queue.end('a');
    expect(keysOf(queue.take(2))).toEqual(['d']);
  });
});
