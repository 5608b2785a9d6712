import type { ShownStream } from './shown-stream.js';
import { doingText, endText, progressText, streamText } from './stream-text.js';

const shown: ShownStream = {
  ...{ name: 'july', state: 'running', doing: 'reading', alertsPerSecond: 640, position: 1200, forwarded: 31 },
  ...{ unreadable: 2, deadLetters: 1, clock: '2021-07-04T06:00:00.000Z', survey: 'ztf', paths: ['/a.tar', '/b.tar'] },
  at: new Date('2021-07-06T12:00:00Z'),
};

describe('a stream in words', () => {
  it('says at length where it is, what it does and what went wrong', () => {
    const failure = { attempt: 3, message: 'no channel is active for ztf' };
    const doing = `trying again: ${failure.message}`;
    expect(streamText({ ...shown, doing, alertsPerSecond: 0, failure }, undefined)).toBe(
      [
        'july: running, last heard of 2021-07-06 12:00 UTC',
        '  doing       trying again: no channel is active for ztf',
        '  position    1200 alerts read (ztf)',
        '  forwarded   31 alerts',
        '  unreadable  2 (1 dead letter)',
        '  clock       2021-07-04 06:00 UTC',
        '  failure     attempt 3: no channel is active for ztf',
        '  paths       /a.tar',
        '              /b.tar',
      ].join('\n'),
    );
  });

  it('does not sound as if it failed where a reader failed once and works again', () => {
    const failure = { attempt: 1, message: 'another reader has moved july:archive to 14' };
    expect(streamText({ ...shown, failure }, undefined)).toContain(
      '\n  overcome    attempt 1: another reader has moved july:archive to 14\n',
    );
  });

  it('reads notices, not alerts, where it is one of notices', () => {
    expect(doingText({ ...shown, survey: 'gcn' })).toBe('reading, 640 notices/s');
  });

  it('fits its progress on one line, with the date that its alerts have reached', () => {
    expect(progressText(shown)).toBe('july: 1200 alerts, 31 forwarded, at 2021-07-04 06:00, reading, 640 alerts/s');
  });

  it('ends with its figures, without a clock where no alert was read', () => {
    const { clock, ...unread } = { ...shown, state: 'stopped' as const, position: 0, forwarded: 0 };
    expect(clock).toBeDefined();
    expect(endText({ ...unread, unreadable: 0, deadLetters: 0 })).toBe(
      'july is stopped: 0 alerts read, 0 forwarded, 0 unreadable',
    );
    expect(endText({ ...shown, state: 'finished' })).toBe(
      'july is finished: 1200 alerts read, 31 forwarded, 2 unreadable (1 dead letter), clock at 2021-07-04 06:00 UTC',
    );
  });
});
