import { z } from 'zod';
import { DURATION_PATTERN, parseDurationDays } from './duration.js';
import { periodicUse } from './periodic-file.js';
import { reactions, ruleUse } from './rule-file.js';
import { groups, unitConfig, unitName } from './unit-file.js';
import { expectation, oneOf, text } from './yaml-values.js';

/** T0: what it may say is checked by `checkFilters`, whose messages know which form is meant. */
export const t0 = z
  .unknown()
  .refine((value) => value !== undefined, 'missing, expected a filter: unit, expression, all, any or not')
  .describe('T0: the filter that accepts alerts for this channel, or one for each survey');

const SELECTIONS = ['first', 'last', 'first accepted', 'all'] as const;

/** A T2 unit of a channel. */
export const t2Use = z.strictObject({
  unit: unitName.describe('name of the T2 unit, see `ampel unit list`'),
  config: unitConfig,
  group: groups,
  points: oneOf(SELECTIONS)
    .optional()
    .describe('of a unit that looks at single datapoints: at which of the state; default: those of the alert'),
  tag: z.string().optional().describe('… and only at those with this tag, such as ZTF_G'),
});

/** T1: which datapoints make up the states of a channel. */
const t1 = z
  .strictObject({
    exclude: z.array(z.string()).optional().describe('leave out points with one of these tags, such as ZTF_I'),
    bands: z
      .array(oneOf(['u', 'g', 'r', 'i', 'z', 'y']))
      .min(1)
      .optional()
      .describe('only points of these bands'),
    window: text(DURATION_PATTERN, 'a time with its unit, such as "60 d"')
      .transform(keptDays)
      .optional()
      .describe('only points at most so much older than the alert'),
    forced: z.boolean().optional().describe('with forced photometry'),
    retro: z.boolean().optional().describe('the first acceptance gives states for the earlier detections too'),
    match: text(/^\d+(\.\d+)? ?arcsec$/, 'an angle, such as "1.5 arcsec"')
      .transform(angleArcsec)
      .optional()
      .describe('take objects of the other surveys so near for the same object'),
  })
  .describe('T1: which of the points that the channel may see make up its states');

const SURVEYS = ['ztf', 'lsst'] as const;

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
    stream: z
      .union([oneOf(SURVEYS), z.array(oneOf(SURVEYS))], {
        error: ({ input }) => expectation(`${SURVEYS.join(' or ')}, or a list of both`, SURVEYS, input),
      })
      .describe('the survey whose alerts the channel reads, or a list of them'),
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
        cutouts: text(DURATION_PATTERN, 'a time with its unit, such as "30 d"')
          .transform(keptDays)
          .optional()
          .describe('image stamps of accepted alerts are kept so long, for messages and reports; default: not kept'),
      })
      .optional()
      .describe('how long data are kept'),
    cap: text(/^[1-9]\d{0,7} ?\/ ?night$/, 'a number a night, such as "500/night"')
      .transform((cap) => Number.parseInt(cap, 10))
      .optional()
      .describe('more newly accepted objects than these pause the channel'),
    on_stock_match: oneOf(['bypass', 'overrule', 'silent_overrule'])
      .optional()
      .describe('objects accepted before: accept their alerts without the filter, or whatever it says'),
    t0,
    t1: t1.optional(),
    t2: z.array(t2Use).default([]).describe('T2: what is computed from the light curves of accepted objects'),
    reactions: reactions.optional(),
    t3: z.array(ruleUse).default([]).describe('T3: who is told, and when'),
    periodic: z.array(periodicUse).default([]).describe('T3 by the clock: who is told of many objects, and when'),
  })
  .meta({ title: 'AMPEL channel' });

/** A channel as its file says it, defaults of the file filled in, waits in days. */
export type ChannelFile = z.output<typeof channelFile>;

/** Longer than any survey runs. */
const LONGEST_KEPT_DAYS = 10_000;

function keptDays(time: string, context: z.RefinementCtx): number {
  const days = parseDurationDays(time) ?? Number.NaN;
  if (days >= 1 && days <= LONGEST_KEPT_DAYS) return days;
  context.addIssue(`found "${time}", expected 1 d to ${LONGEST_KEPT_DAYS} d`);
  return z.NEVER;
}

/** Wider, and neighbours in the sky become one object. */
const WIDEST_MATCH_ARCSEC = 60;

function angleArcsec(angle: string, context: z.RefinementCtx): number {
  const arcsec = Number.parseFloat(angle);
  if (arcsec > 0 && arcsec <= WIDEST_MATCH_ARCSEC) return arcsec;
  context.addIssue(`found "${angle}", expected more than 0 and at most ${WIDEST_MATCH_ARCSEC} arcsec`);
  return z.NEVER;
}
