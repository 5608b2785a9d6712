import { Pace } from './pace.js';

/** When each of `count` pieces goes (ms), where sending one takes `sendMs`. */
function times(pace: Pace, count: number, sendMs: number): number[] {
  let nowMs = 0;
  return Array.from({ length: count }, () => {
    const atMs = nowMs + pace.waitMs(pace.pieceSize, nowMs);
    nowMs = atMs + sendMs;
    return atMs;
  });
}

describe('the pace at which a night is played', () => {
  it('spreads alerts evenly, ten pieces a second', () => {
    expect(times(new Pace(200), 4, 30)).toEqual([0, 100, 200, 300]);
    expect(new Pace(200).pieceSize).toBe(20);
  });

  it('sends alerts one by one where they are few, and in bounded pieces where they are many', () => {
    expect(new Pace(2).pieceSize).toBe(1);
    expect(times(new Pace(2), 3, 30)).toEqual([0, 500, 1000]);
    expect(new Pace(10_000).pieceSize).toBe(50);
    expect(times(new Pace(10_000), 3, 1)).toEqual([0, 5, 10]);
  });

  it('waits for nothing at rate 0', () => {
    expect(times(new Pace(0), 3, 7)).toEqual([0, 7, 14]);
  });

  it('makes up for a short delay, and never for more than a second of it', () => {
    const pace = new Pace(200);
    expect(pace.waitMs(20, 0)).toBe(0);
    // Due at 100 ms.
    expect(pace.waitMs(20, 350)).toBe(0);
    expect(pace.waitMs(20, 350)).toBe(0);
    expect(pace.waitMs(20, 350)).toBe(0);
    expect(pace.waitMs(20, 350)).toBe(50);
    expect(pace.waitMs(20, 60_000)).toBe(0);
    const waits = Array.from({ length: 11 }, () => pace.waitMs(20, 60_000));
    expect(waits.slice(0, 10)).toEqual(Array<number>(10).fill(0));
    expect(waits.at(-1)).toBe(100);
  });

  it('begins anew after a rest, as the next night does', () => {
    const pace = new Pace(200);
    pace.waitMs(20, 0);
    pace.rest();
    expect(pace.waitMs(20, 10)).toBe(0);
    expect(pace.waitMs(20, 10)).toBe(100);
  });
});
