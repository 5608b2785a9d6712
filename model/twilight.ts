import { Body, Observer, SearchAltitude, SearchHourAngle } from 'astronomy-engine';
import type { TwilightTime } from './run-times.js';

/** The night is astronomical while the Sun's centre is so far below the horizon (deg). */
const ASTRONOMICAL_DEG = -18;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** The Sun's hour angle at its lowest (h). */
const LOWEST_H = 12;
const BELOW = 1;
const RISING = 1;
const SETTING = -1;

/**
 * The moments of a twilight from one time to another (Unix times, ms), to the second, ascending. In a night in which the Sun
 * does not pass 18 degrees below the horizon, when it is lowest: a rule of the summer of a northern site runs every night too.
 */
export function twilightsMs({ twilight, offsetMinutes, site }: TwilightTime, fromMs: number, toMs: number): number[] {
  const observer = new Observer(site.latitudeDeg, site.longitudeDeg, site.heightM);
  const offsetMs = offsetMinutes * MINUTE_MS;
  const found: number[] = [];
  // A twilight is within half a day of the Sun's lowest.
  let lowestMs = lowestAfterMs(observer, fromMs - offsetMs - DAY_MS);
  while (lowestMs <= toMs - offsetMs + DAY_MS) {
    const ms = Math.round((twilightMs(observer, twilight, lowestMs) + offsetMs) / 1000) * 1000;
    if (ms >= fromMs && ms <= toMs) found.push(ms);
    lowestMs = lowestAfterMs(observer, lowestMs + DAY_MS / 2);
  }
  return found;
}

function lowestAfterMs(observer: Observer, ms: number): number {
  return SearchHourAngle(Body.Sun, observer, LOWEST_H, new Date(ms), BELOW).time.date.getTime();
}

function twilightMs(observer: Observer, twilight: 'evening' | 'morning', lowestMs: number): number {
  const [direction, startMs] = twilight === 'evening' ? [SETTING, lowestMs - DAY_MS / 2] : [RISING, lowestMs];
  const passes = SearchAltitude(Body.Sun, observer, direction, new Date(startMs), 0.5, ASTRONOMICAL_DEG);
  return passes === null ? lowestMs : passes.date.getTime();
}
