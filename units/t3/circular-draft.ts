import { z } from 'zod';
import { objectCircular } from '../circular/object-circular.js';
import { populationCircular } from '../circular/population-circular.js';
import { defineT3 } from '../define.js';
import { shown } from '../message/shown.js';

const VISIBLE = /[\p{L}\p{N}]/u;

const config = z.strictObject({
  style: z
    .enum(['gcn', 'atel'])
    .describe("gcn: plain ASCII, 72 letters in a line; atel: text for the form of The Astronomer's Telegram"),
  authors: z
    .string()
    .max(4000)
    .regex(VISIBLE, 'expected names')
    .describe('as they stand in the text: A. One (Place), B. Two (Place)'),
  group: z.string().max(100).regex(VISIBLE, 'expected a name').describe('in whose name; a part of the subject'),
  fields: shown.fields,
  comment: z
    .string()
    .max(4000)
    .optional()
    .describe('what else there is to say, such as acknowledgements; an empty line begins a paragraph'),
});

/**
 * Writes a GCN Circular or an ATel for a person to read, complete and send: `{format: 'text/plain', subject, text}`, which
 * `ampel reactions show` prints. Nothing is sent anywhere.
 */
export const circularDraft = defineT3({
  name: 'CircularDraft',
  version: '1.0.0',
  summary: 'Drafts a GCN Circular or an ATel as text, for a person to send.',
  config,
  knowsKeys: true,
  compose: objectCircular,
  summarize: populationCircular,
  send: (_message, key) => Promise.resolve({ status: `a draft: ampel reactions show ${key} prints it` }),
});
