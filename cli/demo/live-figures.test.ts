import { LiveTotals, NightMeter } from './live-figures.js';

const standing = (
  written: number,
  read: number,
  undecided = 0,
): { written: number; read: number; undecided: number } => ({
  ...{ written, read, undecided },
});
const packets = (count: number): { packet: Buffer }[] =>
  Array.from({ length: count }, () => ({ packet: Buffer.alloc(10) }));

describe('a night that is measured on its way through Kafka', () => {
  it('has rates of the last seconds, and as lag what was written and not yet read', () => {
    const meter = new NightMeter('20210701', standing(1000, 1000), 0);
    expect(meter.look(standing(1200, 1150), 1_000)).toEqual({ writtenPerSecond: 200, readPerSecond: 150, lag: 50 });
    meter.look(standing(1400, 1250), 2_000);
    meter.look(standing(1500, 1350), 3_000);
    // The first look is too long ago by now.
    expect(meter.look(standing(1500, 1450), 4_000)).toEqual({ writtenPerSecond: 100, readPerSecond: 100, lag: 50 });
  });

  it('is read when nothing waits any more, however long its decisions take', () => {
    const meter = new NightMeter('20210701', standing(0, 0), 0);
    meter.look(standing(400, 300), 2_000);
    meter.allWritten(2_000);
    meter.look(standing(400, 400, 7), 4_000);
    meter.look(standing(400, 400), 9_000);
    expect(meter.end(9_000)).toEqual({
      night: {
        ...{ date: '20210701', messages: 400, highestLag: 100, seconds: 9 },
        ...{ writtenPerSecond: 200, readPerSecond: 100 },
      },
      ...{ read: 400, writingMs: 2_000, readingMs: 4_000 },
    });
  });

  it('is not read at a moment when the reader is only ahead of the writer', () => {
    const meter = new NightMeter('20210701', standing(0, 0), 0);
    meter.look(standing(100, 100), 1_000);
    meter.look(standing(200, 120), 2_000);
    meter.allWritten(2_000);
    meter.look(standing(200, 200), 4_000);
    expect(meter.end(4_000).readingMs).toBe(4_000);
  });

  it('has no negative lag where the count of what was read is the newer one', () => {
    const meter = new NightMeter('20210701', standing(0, 0), 0);
    expect(meter.look(standing(100, 120), 1_000).lag).toBe(0);
  });
});

describe('all nights together', () => {
  it('have rates over the time that their writing and reading took, and the highest lag of any', () => {
    const totals = new LiveTotals(0);
    for (const [date, lag] of [
      ['20210701', 30],
      ['20210702', 10],
    ] as const) {
      const meter = new NightMeter(date, standing(totals.written, totals.written), 0);
      totals.wrote(packets(100));
      meter.look(standing(totals.written, totals.written - lag), 900);
      meter.allWritten(1_000);
      meter.look(standing(totals.written, totals.written), 2_000);
      totals.add(meter.end(60_000));
    }
    expect(totals.figures({ topics: 2, partitions: 4, readers: 2 })).toMatchObject({
      ...{ topics: 2, partitions: 4, readers: 2, messages: 200, writtenBefore: 0, bytes: 2000 },
      ...{ highestLag: 30, writtenPerSecond: 100, readPerSecond: 50 },
      nights: [{ date: '20210701' }, { date: '20210702' }],
    });
  });

  it('that were there already have no rates of writing', () => {
    const totals = new LiveTotals(500);
    const meter = new NightMeter('20210701', standing(totals.written, 500), 0);
    meter.allWritten(1);
    meter.look(standing(500, 500), 10);
    expect(totals.add(meter.end(20))).toMatchObject({ messages: 0, writtenPerSecond: null, readPerSecond: null });
    expect(totals.figures({ topics: 1, partitions: 4, readers: 2 })).toMatchObject({
      ...{ messages: 0, writtenBefore: 500, writtenPerSecond: null, readPerSecond: null },
    });
  });
});
