import { z } from 'zod';

function text(max: number): z.ZodType {
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() }),
    z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(max), verbatim: z.boolean().optional() }),
  ]);
}

const header = z.strictObject({
  type: z.literal('header'),
  text: z.strictObject({
    ...{ type: z.literal('plain_text'), text: z.string().min(1).max(150), emoji: z.boolean().optional() },
  }),
});

const section = z
  .strictObject({
    type: z.literal('section'),
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'a section without text and fields');

const context = z.strictObject({ type: z.literal('context'), elements: z.array(text(3000)).min(1).max(10) });

/** The blocks that the broker uses, with Slack's limits. */
const blocks = z.array(z.union([header, section, context])).max(50);

/** What Slack would find wrong with them; undefined where nothing is. */
export function blocksFault(value: unknown): string | undefined {
  const parsed = blocks.safeParse(value);
  return parsed.success ? undefined : z.prettifyError(parsed.error);
}
