import type { Info } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** The longest that Temporal waits between two tries of a reaction by itself (`maximumInterval` of its retries). */
const LONGEST_PAUSE_MS = 10 * 60_000;

const DAY_MS = 24 * 3_600_000;

/** Whether Temporal may not try again after this failure, as the time for the activity is over before. */
export function isLastTry(info: Times, failure: unknown, nowMs: number): boolean {
  if (failure instanceof ApplicationFailure && failure.nonRetryable === true) return false;
  const { scheduledTimestampMs, scheduleToCloseTimeoutMs } = info;
  if (scheduleToCloseTimeoutMs <= 0) return false;
  const pauseMs = failure instanceof ApplicationFailure ? Number(failure.nextRetryDelay ?? 0) : 0;
  return nowMs + Math.max(pauseMs, LONGEST_PAUSE_MS) >= scheduledTimestampMs + scheduleToCloseTimeoutMs;
}

type Times = Pick<Info, 'scheduledTimestampMs' | 'scheduleToCloseTimeoutMs'>;

/** `given up after 3 days: Slack does not answer` */
export function givenUp({ scheduleToCloseTimeoutMs }: Times, reason: string): string {
  const days = Number((scheduleToCloseTimeoutMs / DAY_MS).toFixed(1));
  return `given up after ${days} day${days === 1 ? '' : 's'}: ${reason}`;
}
