import { jdOfUnixMs } from '../../model/julian-date.js';
import type { Instant } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { shown } from './fields.js';

/** Date, time, fraction of a second, zone. All missions write UTC, many without a zone. */
const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?:Z|([+-])(\d\d):?(\d\d))?$/;

/** Archives announce old observations too; MJD or seconds in place of a date are told. */
const YEARS = [1960, 2100] as const;

/**
 * The moment that an ISO 8601 text names; without a zone it is UTC. Throws `Unreadable` where it names none, or one
 * outside 1960 to 2100.
 */
export function utcInstant(text: string, place: string): Instant {
  const parts = ISO_TIME.exec(text.trim());
  if (parts === null) throw absurd(text, place);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [, , , , , , , fraction = '', sign, zoneHours = '0', zoneMinutes = '0'] = parts;
  const date = new Date(Date.UTC(year, month - 1, day));
  const isCalendarDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  const isLeapSecond = second === 60 && hour === 23 && minute === 59;
  if (!isCalendarDay || hour > 23 || minute > 59 || (second > 59 && !isLeapSecond)) throw absurd(text, place);
  if (year < YEARS[0] || year > YEARS[1]) throw absurd(text, place);
  const zoneMs = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  const wholeMs = Date.UTC(year, month - 1, day, hour, minute, second) - zoneMs;
  return {
    jd: jdOfUnixMs(wholeMs + Number(`0.${fraction || '0'}`) * 1000),
    iso: `${new Date(wholeMs).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`,
  };
}

function absurd(text: string, place: string): Unreadable {
  return new Unreadable(
    'absurd-field',
    `${place} is ${shown(text)}, expected a UTC time like 2018-11-01T22:22:46.65Z from ${YEARS[0]} to ${YEARS[1]}`,
  );
}
