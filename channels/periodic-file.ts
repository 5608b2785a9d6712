import { z } from 'zod';
import { SITES } from '../model/sites.js';
import type { Site, TimeOfDay, TwilightTime } from '../model/run-times.js';
import { DURATION_PATTERN, parseDurationDays } from './duration.js';
import { cap, isTimeZone, mode, quiet, ruleName, spanDays } from './rule-file.js';
import { unitConfig, unitName } from './unit-file.js';
import { expectation, oneOf, text } from './yaml-values.js';

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const DAY = `(?:${DAYS.join('|')})`;
const TIME_OF_DAY = new RegExp(
  `^(?:(${DAY})(?:-(${DAY})|((?:, ?${DAY})+))? )?((?:[01]\\d|2[0-3]):[0-5]\\d) +([A-Za-z][\\w+/-]{1,40})$`,
);
const TWILIGHT = /^(?:(\d{1,4}(?:\.\d{1,3})? ?(?:min|h)) (before|after) )?(evening|morning) twilight$/;

/** `07:30 Europe/Berlin`, `Mon-Fri 07:30 Europe/Berlin`, `30 min before evening twilight`. */
const at = text(
  new RegExp(`${TIME_OF_DAY.source}|${TWILIGHT.source}`),
  'a time of day and its zone, such as "07:30 Europe/Berlin" or "Mon-Fri 07:30 Europe/Berlin", or "30 min before evening twilight"',
).transform(timeOf);

const SITE_NAMES = SITES.map(({ name }) => name);
const SITE_FORMS = `one of ${SITE_NAMES.join(', ')}, or { latitude, longitude, height }`;

const site = z
  .union(
    [
      z.string().transform(siteNamed),
      z
        .strictObject({
          latitude: z.number().min(-90).max(90).describe('deg, north positive'),
          longitude: z.number().min(-180).max(180).describe('deg, east positive'),
          height: z.number().min(-500).max(9000).default(0).describe('m above the sea'),
        })
        .transform(({ latitude, longitude, height }): Site => ({
          ...{ name: `${latitude}, ${longitude}`, latitudeDeg: latitude, longitudeDeg: longitude, heightM: height },
        })),
    ],
    {
      error: ({ input }) => expectation(SITE_FORMS, SITE_NAMES, input),
    },
  )
  .describe('the place whose twilight is meant');

const duration = text(DURATION_PATTERN, 'a time with its unit, such as "30 min", "24 h" or "3 d"');

/** Which operators and names it may have is looked at by `selectionQuery`. */
const query = z.record(z.string(), z.unknown());

const select = z
  .strictObject({
    accepted: duration
      .transform(spanDays)
      .optional()
      .describe(
        'accepted so short a time before the run is due, in event time; default: since the rule last told of it',
      ),
    new: duration.transform(spanDays).optional().describe('accepted for the first time so short a time before'),
    where: z.string().optional().describe('an expression over results, such as T2BazinFit.chi2_red < 2'),
    tags: z
      .strictObject({
        with: z.array(z.string()).min(1).optional().describe('with all of these tags'),
        without: z.array(z.string()).min(1).optional().describe('with none of these tags'),
      })
      .optional()
      .describe('tags of the objects'),
    query: query
      .optional()
      .describe("a query in MongoDB's language over objectId, position.ra, results.UNIT.key and more"),
    order: z
      .string()
      .default('newest')
      .describe('newest (the default), brightest, or by a result: T2BazinFit.chi2, from the largest: -T2BazinFit.chi2'),
    limit: z.int().min(1).max(100_000).default(1000).describe('so many objects at most, the first in that order'),
  })
  .prefault({});

/** A rule that runs by the clock: when, over which objects, and who is told. */
export const periodicUse = z.strictObject({
  name: ruleName,
  unit: unitName.describe('name of the T3 unit, see `ampel unit list`'),
  config: unitConfig,
  every: duration.transform(spanDays).optional().describe('run so often: a minute or more; either this or at'),
  at: at
    .optional()
    .describe('run at a time of day in a zone ("07:30 Europe/Berlin"), or before or after a twilight at a site'),
  site: site.optional(),
  overlap: oneOf(['skip', 'queue'])
    .optional()
    .describe('what is due while the run before is under way; default: skip with every, queue with at'),
  catchUp: duration
    .transform(spanDays)
    .default(1 / 24)
    .describe('what no server has run is made up for where it was due so short a time ago; default 1 h'),
  select: select.describe('which objects of the channel it is about'),
  tell: oneOf(['all', 'each'])
    .optional()
    .describe('one message on all of them, or one on each; default: all where the unit can'),
  cap: cap.optional().describe('so many messages of this rule at most; what is above waits'),
  quiet: quiet.optional().describe('nothing is sent in these hours; what falls due in them waits'),
  mode: mode.optional().describe('dry: messages of this rule are stored and not sent'),
});

/** A periodic rule as its file says it. */
export type PeriodicFile = z.output<typeof periodicUse>;

/** A moment of each day, or of each night; whose twilight is meant stands elsewhere. */
export type DailyTime = TimeOfDay | Omit<TwilightTime, 'site'>;

function timeOf(given: string, context: z.RefinementCtx): DailyTime {
  const [, offset, side, twilight] = TWILIGHT.exec(given) ?? [];
  if (twilight === 'evening' || twilight === 'morning') {
    const minutes = offset === undefined ? 0 : (parseDurationDays(offset) ?? 0) * 1440;
    if (minutes > 720) context.addIssue(`found ${offset ?? ''}, expected 12 h at most`);
    return { twilight, offsetMinutes: side === 'before' ? -minutes : minutes };
  }
  const [, first, last, more = '', time = '', timezone = ''] = TIME_OF_DAY.exec(given) ?? [];
  if (!isTimeZone(timezone)) {
    context.addIssue(`found the time zone "${timezone}", expected one such as Europe/Berlin or UTC`);
  }
  const days = daysOf(first, last, more);
  return { time, ...(days.length > 0 && { days }), timezone };
}

/** `Fri-Mon` is four days. */
function daysOf(first: string | undefined, last: string | undefined, more: string): number[] {
  if (first === undefined) return [];
  const from = indexOfDay(first);
  if (last !== undefined) {
    const length = (indexOfDay(last) - from + 7) % 7;
    return Array.from({ length: length + 1 }, (_, index) => (from + index) % 7).sort();
  }
  const others = more.split(',').flatMap((day) => (day.trim() === '' ? [] : [indexOfDay(day.trim())]));
  return [...new Set([from, ...others])].sort();
}

function indexOfDay(day: string): number {
  return DAYS.findIndex((name) => name === day);
}

function siteNamed(name: string, context: z.RefinementCtx): Site {
  const found = SITES.find((one) => one.name === name);
  if (found !== undefined) return found;
  context.addIssue(expectation(SITE_FORMS, SITE_NAMES, name));
  return z.NEVER;
}
