import { unixMsOfJd } from '../../model/julian-date.js';

/** Further from now than any survey: such a number is no time. */
const LAST_JD = 5_000_000;

/** To the minute. */
export function utcOfJd(jd: number): string {
  if (!(jd > 0 && jd < LAST_JD)) return 'at no known time';
  return `${new Date(unixMsOfJd(jd)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
