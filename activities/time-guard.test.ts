import { guardTime } from './time-guard.js';

describe('work that may not end', () => {
  it('is ended, and what came with it in the same moment goes on', async () => {
    const done: string[] = [];
    const forever = (): void => {
      for (;;) done.length = Math.min(done.length, 5);
    };
    const outcomes = await Promise.all([
      guardTime(() => void done.push('before')),
      guardTime(forever),
      guardTime(() => void done.push('after')),
    ]);
    expect(outcomes).toEqual([true, false, true]);
    expect(done).toEqual(['before', 'after']);
  });

  it('tells its own errors to who asked for it only', async () => {
    const broken = guardTime(() => {
      throw new RangeError('no points');
    });
    const good = guardTime(() => undefined);
    await expect(broken).rejects.toThrow('no points');
    expect(await good).toBe(true);
  });

  it('cannot hide that it does not end behind a catch of its own', async () => {
    const stubborn = guardTime(() => {
      for (;;) {
        try {
          for (;;);
        } catch {
          continue;
        }
      }
    });
    expect(await stubborn).toBe(false);
  });
});
