import { z } from 'zod';
import { nearestName } from '../model/nearest-name.js';
import { DURATION_PATTERN, LONGEST_WAIT_DAYS, parseDurationDays } from './duration.js';

const unitName = z.string();
const config = z.record(z.string(), z.unknown()).default({}).describe('config of the unit, by key');

/** The filter of a channel. */
export const filterUse = z
  .strictObject({ unit: unitName.describe('name of the filter, see `ampel unit list`'), config })
  .describe('T0: the filter that accepts alerts for this channel');

/** A T2 unit of a channel. */
export const t2Use = z.strictObject({ unit: unitName.describe('name of the T2 unit, see `ampel unit list`'), config });

/** `when: { result: T2LightCurveSummary }`. */
export const resultTrigger = z.strictObject({
  result: z.string().describe('a T2 unit of this channel: react to its first result for an object'),
});

const TRIGGERS = ['accepted', 'detection'] as const;

/** A T3 rule of a channel: when to react and to whom. */
export const ruleUse = z.strictObject({
  name: text(/^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by "-", such as new-candidate').describe(
    'name of the rule, unique in the channel',
  ),
  unit: unitName.describe('name of the T3 unit, see `ampel unit list`'),
  config,
  when: z
    .union([z.enum(TRIGGERS), resultTrigger], {
      error: ({ input }) => expectation('accepted, detection or { result: T2 UNIT }', TRIGGERS, input),
    })
    .describe('accepted: the first accepted alert of an object; detection: every accepted alert; result: of a T2 unit'),
  after: text(DURATION_PATTERN, 'a time with its unit, such as "30 min", "2 h" or "3 nights"')
    .transform(waitDays)
    .optional()
    .describe('wait so long, in event time, before reacting'),
  unless: oneOf(['detection']).optional().describe('another accepted alert within the wait calls the reaction off'),
});

/** Data rights that a channel of each survey can name; the first is what it has if it names none. */
export const ACCESS_TAGS = { ztf: ['ZTF_PUB', 'ZTF_PRIV'], lsst: ['LSST'] } as const;

/** What a channel file may say. Units and their configs are checked against the registry, see `checkChannel`. */
export const channelFile = z
  .strictObject({
    name: text(
      /^(?=.{1,64}$)[A-Z][A-Z0-9_]*$/,
      'capitals, digits and "_", a letter first, at most 64, such as HU_RAPID',
    ).describe('name of the channel, the same as that of the file'),
    version: text(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'three numbers, such as 1.0.0').describe('a new one for each change'),
    description: z.string().optional().describe('what the channel looks for'),
    contact: z.string().optional().describe('whom to ask about the channel, such as an e-mail address'),
    stream: oneOf(['ztf', 'lsst']).describe('the survey whose alerts the channel reads'),
    access: z
      .array(oneOf(['ZTF_PUB', 'ZTF_PRIV', 'LSST']))
      .refine((tags) => tags.length > 0, 'found an empty list, expected at least one tag, such as ZTF_PUB')
      .refine((tags) => new Set(tags).size === tags.length, 'found a tag twice, expected each once')
      .optional()
      .meta({ minItems: 1, uniqueItems: true })
      .describe(
        'data rights: ZTF_PUB for public data (the default), ZTF_PRIV for those of the partnership; LSST for LSST',
      ),
    keep: z
      .strictObject({
        receipts: text(DURATION_PATTERN, 'a time with its unit, such as "90 d"')
          .transform(keptDays)
          .optional()
          .describe('receipts of what the filter refused are kept so long; default 400 d'),
      })
      .optional()
      .describe('how long data are kept'),
    t0: filterUse,
    t2: z.array(t2Use).default([]).describe('T2: what is computed from the light curves of accepted objects'),
    t3: z.array(ruleUse).default([]).describe('T3: who is told, and when'),
  })
  .meta({ title: 'AMPEL channel' });

/** A channel as its file says it, defaults of the file filled in, waits in days. */
export type ChannelFile = z.output<typeof channelFile>;

function waitDays(wait: string, context: z.RefinementCtx): number {
  const days = parseDurationDays(wait) ?? Number.NaN;
  if (days > 0 && days <= LONGEST_WAIT_DAYS) return days;
  const advice = days === 0 ? ' (leave it out to react at once)' : '';
  context.addIssue(`found "${wait}", expected more than 0 and at most ${LONGEST_WAIT_DAYS} d${advice}`);
  return z.NEVER;
}

/** Longer than any survey runs. */
const LONGEST_KEPT_DAYS = 10_000;

function keptDays(time: string, context: z.RefinementCtx): number {
  const days = parseDurationDays(time) ?? Number.NaN;
  if (days >= 1 && days <= LONGEST_KEPT_DAYS) return days;
  context.addIssue(`found "${time}", expected 1 d to ${LONGEST_KEPT_DAYS} d`);
  return z.NEVER;
}

/** A text of that form. Unlike `z.string`, it tells who writes `version: 1.0` what is wanted, not only that it is text. */
function text(pattern: RegExp, expected: string): z.ZodCustom<string, string> {
  return z
    .custom<string>((value) => typeof value === 'string' && pattern.test(value), {
      error: ({ input }) => `${input === undefined ? 'missing' : `found ${shown(input)}`}, expected ${expected}`,
    })
    .meta({ type: 'string', pattern: pattern.source });
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a mapping';
  return JSON.stringify(value).slice(0, 80);
}

function oneOf<const Names extends readonly string[]>(names: Names): z.ZodEnum<z.core.util.ToEnum<Names[number]>> {
  return z.enum(names, { error: ({ input }) => expectation(names.join(' or '), names, input) });
}

function expectation(expected: string, names: readonly string[], input: unknown): string {
  if (input === undefined) return `missing, expected ${expected}`;
  const meant = typeof input === 'string' ? nearestName(input, names) : undefined;
  return `expected ${expected}${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`;
}
