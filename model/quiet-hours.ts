import type { QuietHours, RateCap } from './safeguards.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;

/**
 * When the quiet hours end that `nowMs` is in (Unix time, ms), to the minute; undefined where it is in none. On the days on which a
 * zone changes its clocks they end when the clock on the wall says so.
 */
export function quietUntilMs({ from, to, timezone }: QuietHours, nowMs: number): number | undefined {
  const now = minuteOfDay(nowMs, timezone);
  const sinceStart = modulo(now - minutesOf(from));
  if (sinceStart >= modulo(minutesOf(to) - minutesOf(from))) return undefined;
  const endMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + modulo(minutesOf(to) - now) * MINUTE_MS;
  // The clocks may have changed between.
  const off = modulo(minuteOfDay(endMs, timezone) - minutesOf(to) + DAY_MINUTES / 2) - DAY_MINUTES / 2;
  return endMs - off * MINUTE_MS;
}

/** The hour, day or night of a moment (Unix time, ms): its name and when it ends. Days are of UTC, nights begin at noon UTC. */
export function periodOf(per: RateCap['per'], nowMs: number): { readonly name: string; readonly endMs: number } {
  const lengthMs = per === 'h' ? HOUR_MS : DAY_MS;
  const offsetMs = per === 'night' ? DAY_MS / 2 : 0;
  const startMs = Math.floor((nowMs - offsetMs) / lengthMs) * lengthMs + offsetMs;
  const letters = per === 'h' ? 13 : 10;
  return { name: `${per} ${new Date(startMs).toISOString().slice(0, letters)}`, endMs: startMs + lengthMs };
}

function minutesOf(time: string): number {
  const [hours = '', minutes = ''] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function minuteOfDay(unixMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return minutesOf(format.format(unixMs));
}

function modulo(minutes: number): number {
  return ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
}
