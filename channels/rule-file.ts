import { z } from 'zod';
import type { QuietHours, RateCap } from '../model/safeguards.js';
import { DURATION_PATTERN, LONGEST_WAIT_DAYS, parseDurationDays } from './duration.js';
import { groups, unitConfig, unitName } from './unit-file.js';
import { expectation, oneOf, text } from './yaml-values.js';

/** `when: { result: T2LightCurveSummary }`. */
export const resultTrigger = z.strictObject({
  result: z.string().describe('a T2 unit of this channel: react to its first result for an object'),
});

/** Words that `when` knows besides results and expressions. */
export const TRIGGERS = ['accepted', 'detection'] as const;
const STARTS = 'accepted, detection, { result: T2 UNIT } or an expression over results';
const OFF = ['detection'] as const;
const CALLS_OFF = 'detection or an expression over results';

/** Of a rule. */
export const ruleName = text(
  /^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  'lower-case words joined by "-", such as new-candidate',
).describe('name of the rule, unique in the channel');

const duration = text(DURATION_PATTERN, 'a time with its unit, such as "30 min", "2 h" or "3 nights"');

/** `20/h` */
export const cap = text(
  /^[1-9]\d{0,5} ?\/ ?(h|d|night)$/,
  'a number for a time, such as "20/h" or "50/night"',
).transform((given): RateCap => {
  const [count = '', per = ''] = given.split('/');
  return { count: Number.parseInt(count, 10), per: z.enum(['h', 'd', 'night']).parse(per.trim()) };
});

const QUIET = /^((?:[01]\d|2[0-3]):[0-5]\d) ?- ?((?:[01]\d|2[0-3]):[0-5]\d) +([A-Za-z][\w+/-]{1,40})$/;

/** `22:00-07:00 Europe/Berlin` */
export const quiet = text(QUIET, 'times of day and their zone, such as "22:00-07:00 Europe/Berlin"').transform(
  quietHours,
);

export const mode = oneOf(['live', 'dry']);

/** What holds for all rules of a channel. */
export const reactions = z
  .strictObject({
    mode: mode.default('dry').describe('dry (the default): messages are stored and not sent; live: they are sent'),
    cap: cap.optional().describe('so many messages of each unit at most; what is above waits'),
    quiet: quiet.optional().describe('nothing is sent in these hours; what falls due in them waits'),
  })
  .describe('what holds for all rules of the channel');

/** A T3 rule of a channel: when to react and to whom. */
export const ruleUse = z.strictObject({
  name: ruleName,
  unit: unitName.describe('name of the T3 unit, see `ampel unit list`'),
  config: unitConfig,
  when: z
    .union([z.enum(TRIGGERS), expression(STARTS, TRIGGERS), resultTrigger], {
      error: ({ input }) => expectation(STARTS, TRIGGERS, input),
    })
    .describe(
      'accepted: the first accepted alert of an object; detection: every one; result: of a T2 unit; else an expression over results, such as T2BazinFit.chi2_red < 2',
    ),
  after: duration.transform(waitDays).optional().describe('wait so long, in event time, before reacting'),
  within: duration.transform(waitDays).optional().describe('only so long after the first accepted alert of the object'),
  unless: z
    .union([z.enum(OFF), expression(CALLS_OFF, OFF)], {
      error: ({ input }) => expectation(CALLS_OFF, OFF, input),
    })
    .optional()
    .describe(
      'detection: another accepted alert within the wait calls the reaction off; an expression over results does where it holds then',
    ),
  atMost: z
    .int({ error: 'expected a number from 1 to 20' })
    .min(1)
    .max(20)
    .optional()
    .describe('so many reactions to one object; default 1, or one for each alert where it is when: detection'),
  requires: oneOf(['approval', 'first approval'])
    .optional()
    .describe('a person has to say yes to each message, or to the first one: ampel reactions approve'),
  approvalWithin: duration.transform(waitDays).optional().describe('… in this time, or nothing is sent; default 1 d'),
  cap: cap.optional().describe('so many messages of this rule at most; what is above waits'),
  quiet: quiet.optional().describe('nothing is sent in these hours; what falls due in them waits'),
  mode: mode.optional().describe('dry: messages of this rule are stored and not sent'),
  group: groups,
});

/** A rule as its file says it. */
export type RuleFile = z.output<typeof ruleUse>;

/** An expression reads at least one `UNIT.key`; what it says is looked at by `checkConditions`. */
function expression(expected: string, words: readonly string[]): z.ZodString {
  return z.string().regex(/\./, { error: ({ input }) => expectation(expected, words, input) });
}

function waitDays(wait: string, context: z.RefinementCtx): number {
  return spanDays(wait, context, ' (leave it out to react at once)');
}

/** Days in a duration that has to be more than none. */
export function spanDays(span: string, context: z.RefinementCtx, adviceOfNone = ''): number {
  const days = parseDurationDays(span) ?? Number.NaN;
  if (days > 0 && days <= LONGEST_WAIT_DAYS) return days;
  const advice = days === 0 ? adviceOfNone : '';
  context.addIssue(`found "${span}", expected more than 0 and at most ${LONGEST_WAIT_DAYS} d${advice}`);
  return z.NEVER;
}

function quietHours(given: string, context: z.RefinementCtx): QuietHours {
  const [, from = '', to = '', timezone = ''] = QUIET.exec(given) ?? [];
  if (from === to) context.addIssue(`found "${given}", expected two times that differ`);
  if (!isTimeZone(timezone))
    context.addIssue(`found the time zone "${timezone}", expected one such as Europe/Berlin or UTC`);
  return { from, to, timezone };
}

/** True for a name of the IANA data base. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
