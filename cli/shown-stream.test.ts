import type { StreamDocument } from '../store/documents.js';
import { shownStream } from './shown-stream.js';
import type { StreamReader } from './stream-run.js';

const at = new Date('2021-07-06T12:00:00Z');

function stored(state: StreamDocument['state']): StreamDocument {
  const counts = { position: 1200, read: 1200, unreadable: 2, forwarded: 31 };
  return { _id: 'july', survey: 'ztf', paths: ['/nights'], ...counts, clockJd: 2459399.75, state, at };
}

const reading: StreamReader = {
  isAtWork: true,
  attempt: 1,
  progress: {
    position: 1200,
    unreadable: 2,
    forwarded: 31,
    clockJd: 2459399.75,
    alertsPerSecond: 640,
    doing: 'reading',
  },
};

describe('a stream as the store and Temporal have it', () => {
  it('reads with the rate of its heartbeat, the figures of the store and the date of its newest alert', () => {
    expect(shownStream('july', stored('running'), { status: 'RUNNING', reader: reading }, 1)).toEqual({
      ...{ name: 'july', state: 'running', doing: 'reading', alertsPerSecond: 640 },
      ...{ position: 1200, forwarded: 31, unreadable: 2, deadLetters: 1 },
      ...{ clock: '2021-07-04T06:00:00.000Z', survey: 'ztf', paths: ['/nights'], at },
    });
  });

  it('waits for a worker until one has taken it up, also where the store has the end of its run before', () => {
    const waiting: StreamReader = { isAtWork: false, attempt: 1 };
    expect(shownStream('july', undefined, { status: 'RUNNING' }, 0)).toEqual({
      ...{ name: 'july', state: 'starting', doing: 'waiting for a worker' },
      ...{ position: 0, forwarded: 0, unreadable: 0, deadLetters: 0, paths: [] },
    });
    expect(shownStream('july', stored('finished'), { status: 'RUNNING', reader: waiting }, 0)).toMatchObject({
      ...{ state: 'starting', doing: 'waiting for a worker' },
    });
  });

  it('is finished as soon as the store says so of the reader that is at work', () => {
    expect(shownStream('july', stored('finished'), { status: 'RUNNING', reader: reading }, 0)?.state).toBe('finished');
  });

  it('tells what a reader that gave up stumbled over, and which attempt that was', () => {
    const reader: StreamReader = { isAtWork: false, attempt: 4, failure: 'no channel is active for ztf' };
    expect(shownStream('july', stored('running'), { status: 'RUNNING', reader }, 0)).toMatchObject({
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
    const document = state === undefined ? undefined : stored(state);
    expect(shownStream('july', document, { status }, 0)?.state).toBe(shown);
  });

  it('is none where neither knows it', () => {
    expect(shownStream('july', undefined, { status: 'NONE' }, 0)).toBeUndefined();
  });
});
