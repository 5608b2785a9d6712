import type { LiveFigures, LiveNight } from './live-figures.js';
import { liveText, nightLine, nightProgress } from './live-text.js';

const rates = { writtenPerSecond: 200, readPerSecond: 197, lag: 42 };

describe('what is said of a night on its way through Kafka', () => {
  it('are rates in and out and the lag, while it is written or read', () => {
    const night = { number: 2, of: 6, alerts: 1991, written: 720, undecided: 3 };
    expect(nightProgress(night, rates)).toBe('night 2 of 6 [====------] 720 of 1991  in 200/s  out 197/s  lag 42');
  });

  it('are the decisions that are still to come when all has been read', () => {
    const night = { number: 2, of: 6, alerts: 1991, written: 1991, undecided: 1 };
    expect(nightProgress(night, { ...rates, lag: 0 })).toBe(
      'night 2 of 6 [==========] 1991 of 1991  read; 1 decision to come',
    );
  });

  it('fits a terminal of 80 columns in a dense night', () => {
    const night = { number: 12, of: 30, alerts: 20_000, written: 12_345, undecided: 0 };
    const line = nightProgress(night, { writtenPerSecond: 1000, readPerSecond: 1000, lag: 10_000 });
    expect(line.length).toBeLessThan(80);
  });

  it('stays as one line when it is over', () => {
    const night = {
      ...{ date: '20210702', messages: 1991, writtenPerSecond: 200, readPerSecond: 197, highestLag: 61, seconds: 10.4 },
    };
    expect(nightLine({ number: 2, of: 6 }, night)).toBe(
      'night 2 of 6, 20210702: 1991 alerts, in 200/s, out 197/s, lag up to 61, 10.4 s',
    );
  });
});

describe('a night that an earlier demo had played', () => {
  const night: LiveNight = {
    ...{ date: '20210702', messages: 0, writtenPerSecond: null, readPerSecond: null, highestLag: 0, seconds: 0.4 },
  };

  it('has no rates where nothing was left to read', () => {
    expect(nightLine({ number: 2, of: 6 }, night)).toBe('night 2 of 6, 20210702: written before, read before, 0.4 s');
  });

  it('has a rate of reading where it had not been read', () => {
    expect(nightLine({ number: 2, of: 6 }, { ...night, readPerSecond: 800, highestLag: 1991, seconds: 9 })).toBe(
      'night 2 of 6, 20210702: written before, out 800/s, lag up to 1991, 9 s',
    );
  });
});

describe('the report on what went through Kafka', () => {
  const figures: LiveFigures = {
    ...{ topics: 6, partitions: 4, readers: 2, messages: 11_756, writtenBefore: 0, bytes: 178_600_000, highestLag: 61 },
    ...{ writtenPerSecond: 200, readPerSecond: 197, nights: [] },
  };

  it('has messages, topics, rates and the highest lag', () => {
    expect(liveText(figures).split('\n')).toEqual([
      'Kafka        11756 messages (179 MB) in 6 topics of 4 partitions each',
      'in           200/s, while a night is written',
      'out          197/s, until all of the night has been read, by 2 readers',
      'highest lag  61 messages that waited to be read',
    ]);
  });

  it('tells what an earlier demo had written', () => {
    const [first] = liveText({ ...figures, messages: 10, bytes: 150_000, writtenBefore: 11_746 }).split('\n');
    expect(first).toContain('10 messages, and 11746 written before');
  });
});
