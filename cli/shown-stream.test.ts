import type { StreamDocument } from '../store/documents.js';
import { shownStream, type StoredStream } from './shown-stream.js';
import type { StreamReader } from './stream-run.js';

const at = new Date('2021-07-06T12:00:00Z');

const never: StoredStream = {
  document: undefined,
  totals: { position: 0, unreadable: 0, forwarded: 0, clockJd: 0, partitions: [] },
  deadLetters: 0,
};

function stored(state: StreamDocument['state'], deadLetters = 0): StoredStream {
  const totals = { position: 1200, unreadable: 2, forwarded: 31, clockJd: 2459399.75, partitions: [] };
  const source = { kind: 'archive', paths: ['/nights'] } as const;
  return { document: { _id: 'july', survey: 'ztf', source, clock: 'stream', state, at }, totals, deadLetters };
}

const reading: StreamReader = {
  isAtWork: true,
  attempt: 1,
  alertsPerSecond: 640,
  doing: 'reading',
};

describe('a stream as the store and Temporal have it', () => {
  it('reads with the rate of its heartbeat, the figures of the store and the date of its newest alert', () => {
    expect(shownStream('july', stored('running', 1), { status: 'RUNNING', readers: [reading] })).toEqual({
      ...{ name: 'july', state: 'running', doing: 'reading', alertsPerSecond: 640 },
      ...{ position: 1200, forwarded: 31, unreadable: 2, deadLetters: 1 },
      ...{ clock: '2021-07-04T06:00:00.000Z', survey: 'ztf', input: '/nights', paths: ['/nights'], at },
    });
  });

  it('waits for a worker until one has taken it up, also where the store has the end of its run before', () => {
    const waiting: StreamReader = { isAtWork: false, attempt: 1 };
    expect(shownStream('july', never, { status: 'RUNNING', readers: [] })).toEqual({
      ...{ name: 'july', state: 'starting', doing: 'waiting for a worker' },
      ...{ position: 0, forwarded: 0, unreadable: 0, deadLetters: 0, paths: [] },
    });
    expect(shownStream('july', stored('finished'), { status: 'RUNNING', readers: [waiting] })).toMatchObject({
      ...{ state: 'starting', doing: 'waiting for a worker' },
    });
  });

  it('is finished as soon as the store says so of the reader that is at work', () => {
    expect(shownStream('july', stored('finished'), { status: 'RUNNING', readers: [reading] })?.state).toBe('finished');
  });

  it('tells what a reader that gave up stumbled over, and which attempt that was', () => {
    const reader: StreamReader = { isAtWork: false, attempt: 4, failure: 'no channel is active for ztf' };
    expect(shownStream('july', stored('running'), { status: 'RUNNING', readers: [reader] })).toMatchObject({
      state: 'running',
      doing: 'trying again: no channel is active for ztf',
      failure: { attempt: 3, message: 'no channel is active for ztf' },
    });
  });

  it.each([
    ['COMPLETED', 'finished', 'finished'],
    ['COMPLETED', 'stopped', 'stopped'],
    ['COMPLETED', undefined, 'stopped'],
    ['NONE', 'finished', 'finished'],
    ['NONE', 'running', 'terminated'],
    ['TERMINATED', 'paused', 'terminated'],
    ['FAILED', 'finished', 'failed'],
    ['RUNNING', 'paused', 'paused'],
  ] as const)('with a workflow that is %s and a store that says %s it is %s', (status, state, shown) => {
    expect(shownStream('july', state === undefined ? never : stored(state), { status, readers: [] })?.state).toBe(
      shown,
    );
  });

  it('is none where neither knows it', () => {
    expect(shownStream('july', never, { status: 'NONE', readers: [] })).toBeUndefined();
  });
});
