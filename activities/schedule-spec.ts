import type { ScheduleSpec } from '@temporalio/client';
import type { RunTimes } from '../model/run-times.js';
import { twilightsMs } from '../model/twilight.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Temporal knows no Sun: the twilights of so many days are written down, and written anew when half of them are over. */
const TWILIGHT_DAYS = 60;

/** A time specification in Temporal's form. */
export interface ScheduleTimes {
  readonly spec: ScheduleSpec;
  /** After so long (ms) it has to be made anew; undefined: never. */
  readonly renewMs?: number;
}

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
const MONTHS = [
  ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE'] as const),
  ...(['JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
];

/** When a rule runs, from now (Unix time, ms) on. */
export function scheduleTimes(times: RunTimes, nowMs: number): ScheduleTimes {
  if ('everyMinutes' in times) return { spec: { intervals: [{ every: times.everyMinutes * MINUTE_MS }] } };
  if ('twilight' in times) {
    const moments = twilightsMs(times, nowMs, nowMs + TWILIGHT_DAYS * DAY_MS);
    const calendars = moments.map((ms) => {
      const at = new Date(ms);
      return {
        ...{ year: at.getUTCFullYear(), month: MONTHS[at.getUTCMonth()] ?? 'JANUARY', dayOfMonth: at.getUTCDate() },
        ...{ hour: at.getUTCHours(), minute: at.getUTCMinutes(), second: at.getUTCSeconds() },
      };
    });
    return { spec: { calendars, timezone: 'UTC' }, renewMs: (TWILIGHT_DAYS * DAY_MS) / 2 };
  }
  const [hour = 0, minute = 0] = times.time.split(':').map(Number);
  const dayOfWeek = times.days?.flatMap((day) => WEEKDAYS[day] ?? []);
  return {
    spec: { calendars: [{ hour, minute, ...(dayOfWeek && { dayOfWeek }) }], timezone: times.timezone },
  };
}
