import { ApplicationFailure } from '@temporalio/common';
import { givenUp, isLastTry } from './last-try.js';

const HOUR_MS = 3_600_000;
const times = { scheduledTimestampMs: 1_000_000_000, scheduleToCloseTimeoutMs: 72 * HOUR_MS };
const endMs = times.scheduledTimestampMs + times.scheduleToCloseTimeoutMs;
const later = (nextRetryDelay: number): Error => ApplicationFailure.create({ message: 'wait', nextRetryDelay });

describe('the last try', () => {
  it.each([
    ['a failure long before the end', new Error('down'), endMs - HOUR_MS, false],
    ['a failure after which the longest pause ends too late', new Error('down'), endMs - 9 * 60_000, true],
    ['one that wants to come again in time', later(HOUR_MS), endMs - 2 * HOUR_MS, false],
    ['one that wants to come again too late', later(3 * HOUR_MS), endMs - 2 * HOUR_MS, true],
    ['what is never tried again', ApplicationFailure.nonRetryable('no'), endMs - 1000, false],
    ['a rejection that is no error', 'down', endMs - 1000, true],
  ])('after %s', (_what, failure, nowMs, isLast) => {
    expect(isLastTry(times, failure, nowMs)).toBe(isLast);
  });

  it('does not come where there is no end', () => {
    expect(isLastTry({ ...times, scheduleToCloseTimeoutMs: 0 }, new Error('down'), endMs)).toBe(false);
  });

  it('says after how long', () => {
    expect(givenUp(times, 'it is down')).toBe('given up after 3 days: it is down');
    expect(givenUp({ ...times, scheduleToCloseTimeoutMs: 24 * HOUR_MS }, 'it is down')).toMatch(
      /^given up after 1 day:/,
    );
  });
});
