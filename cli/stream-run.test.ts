import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import { streamFailure, streamReader } from './stream-run.js';

type Pending = Parameters<typeof streamReader>[0];

const SCHEDULED = 1;
const STARTED = 2;
const progress = {
  position: 500,
  unreadable: 0,
  forwarded: 7,
  clockJd: 2459399.75,
  alertsPerSecond: 99,
  doing: 'reading',
};

function pending(state: number, heartbeatS: number, said: unknown = progress): Pending {
  return {
    ...{ state, attempt: 2 },
    lastStartedTime: { seconds: 100, nanos: 0 },
    lastHeartbeatTime: { seconds: heartbeatS, nanos: 0 },
    heartbeatDetails: { payloads: [defaultPayloadConverter.toPayload(said)] },
    lastFailure: { message: 'activity Heartbeat timeout' },
  } as unknown as Pending;
}

describe('the reader of a stream', () => {
  it('tells by its heartbeat where it is', () => {
    expect(streamReader(pending(STARTED, 103))).toEqual({
      ...{ isAtWork: true, attempt: 2, alertsPerSecond: 99, doing: 'reading', failure: 'activity Heartbeat timeout' },
    });
  });

  it('tells what it waits for when all is read', () => {
    expect(streamReader(pending(STARTED, 103, 'waiting for 3 decisions'))).toMatchObject({
      doing: 'waiting for 3 decisions',
    });
  });

  it('has no progress from the heartbeat of the reader before it, nor while it waits for its next attempt', () => {
    const failed = { attempt: 2, failure: 'activity Heartbeat timeout' };
    expect(streamReader(pending(STARTED, 97))).toEqual({ isAtWork: true, ...failed });
    expect(streamReader(pending(SCHEDULED, 103))).toEqual({ isAtWork: false, ...failed });
  });

  it('fails for the innermost reason, not for the workflow around it', () => {
    const cause = ApplicationFailure.nonRetryable('stream july is at position 5 of /a.tar', 'OtherSource');
    const failed = new Error('Workflow execution failed', { cause: new Error('Activity task failed', { cause }) });
    expect(streamFailure(failed)).toBe('stream july is at position 5 of /a.tar');
  });
});
