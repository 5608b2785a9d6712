import { inside } from './begin.js';
import { byTopic, parsePartitionKey } from './partition-key.js';
import { rawBatch } from './raw-batch.js';

describe('a position in a partition', () => {
  it.each([0, 7, 10])('is kept where the log has it or ends there: %i', (offset) => {
    expect(inside('ztf/0', offset, { low: 0, high: 10 })).toEqual({ offset });
  });

  it('is moved to what is left where retention has deleted it, and what is lost is told', () => {
    const { offset, notice } = inside('ztf/0', 5, { low: 20, high: 30 });
    expect(offset).toBe(20);
    expect(notice).toMatchObject({ kind: 'lost', partition: 'ztf/0', from: 5, to: 20 });
    expect(notice?.message).toContain('messages 5 to 19');
  });

  it('is moved to the start where the topic was made anew', () => {
    const { offset, notice } = inside('ztf/0', 50, { low: 0, high: 3 });
    expect(offset).toBe(0);
    expect(notice?.message).toContain('made anew');
  });
});

describe('the name of a partition', () => {
  it('is topic and number, and nothing else', () => {
    expect(parsePartitionKey('ztf_20260101/12')).toEqual({ topic: 'ztf_20260101', partition: 12 });
    for (const key of ['ztf', 'ztf/', '/1', 'ztf/x', 'a/b/1', 'ztf/-1'])
      expect(() => parsePartitionKey(key)).toThrow(RangeError);
    expect(byTopic(['a/1', 'b/0', 'a/0'])).toEqual([
      { topic: 'a', partitions: [1, 0] },
      { topic: 'b', partitions: [0] },
    ]);
  });
});

describe('a fetched batch of alerts', () => {
  const message = (offset: number, value: Buffer | null) =>
    ({ offset: String(offset), value, key: null, timestamp: '0', attributes: 0, headers: {} }) as const;

  it('keeps the place of each alert, and has no bytes for a message without a value', () => {
    const messages = [message(3, Buffer.from('alert')), message(5, null)];
    expect(rawBatch({ key: 'ztf/1', messages, to: 6, end: 9 }, undefined)).toEqual({
      ...{ partition: 'ztf/1', to: 6, end: 9 },
      packets: [
        { offset: 3, place: 'ztf/1 offset 3', bytes: Buffer.from('alert') },
        { offset: 5, place: 'ztf/1 offset 5', bytes: Buffer.alloc(0) },
      ],
    });
  });

  it('is cut where reading is to end', () => {
    const messages = [message(3, null), message(4, null)];
    const cut = rawBatch({ key: 'ztf/1', messages, to: 5, end: 5 }, new Map([['ztf/1', 4]]));
    expect({ to: cut.to, offsets: cut.packets.map(({ offset }) => offset) }).toEqual({ to: 4, offsets: [3] });
  });

  it('is refused where an offset is past what a number can hold', () => {
    const messages = [{ ...message(0, null), offset: '9007199254740993' }];
    expect(() => rawBatch({ key: 'ztf/1', messages, to: 5, end: 5 }, undefined)).toThrow('2^53');
  });
});
