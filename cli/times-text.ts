import type { RunTimes } from '../model/run-times.js';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `07:30 Europe/Berlin`, `every 6 h`, `30 min before evening twilight, palomar`. */
export function timesText(times: RunTimes): string {
  if ('everyMinutes' in times) return `every ${spanText(times.everyMinutes)}`;
  if ('twilight' in times) {
    const { twilight, offsetMinutes, site } = times;
    const side = offsetMinutes < 0 ? 'before ' : 'after ';
    const offset = offsetMinutes === 0 ? '' : `${spanText(Math.abs(offsetMinutes))} ${side}`;
    return `${offset}${twilight} twilight, ${site.name}`;
  }
  const days = times.days === undefined ? '' : `${times.days.map((day) => DAYS[day] ?? '').join(', ')} `;
  return `${days}${times.time} ${times.timezone}`;
}

function spanText(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} d`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
