import { unixMsOfJd } from '../model/julian-date.js';

/** Further from now than any survey: such a number is no time. */
const LAST_JD = 5_000_000;

/** `2018-08-19 06:12` (UTC) of a Julian date, to the minute; empty where there is none. */
export function utcText(jd: number | undefined): string {
  if (jd === undefined || !(jd > 0 && jd < LAST_JD)) return '';
  return minuteText(new Date(unixMsOfJd(jd)));
}

/** `2018-08-19 06:12` (UTC), to the minute. */
export function minuteText(date: Date): string {
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
