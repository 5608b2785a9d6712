import { z } from 'zod';
import type { Json } from '../model/canonical-json.js';

/** What a unit composes for a person, such as `CircularDraft`. */
const written = z.object({ format: z.literal('text/plain'), subject: z.string().optional(), text: z.string() });

/** A message for a person: lines separated by `\n`. */
export interface ForReading {
  readonly subject?: string;
  readonly text: string;
}

/** All control letters but the end of a line: a terminal would do what they say. */
const CONTROLS = /[^\P{Cc}\n]+/gu;

/** A message for a person as its lines, with its subject; undefined for one that only a machine reads. */
export function messageForReading(message: Json | undefined): ForReading | undefined {
  const { data } = written.safeParse(message);
  if (data === undefined) return undefined;
  const { subject, text } = data;
  return {
    ...(subject !== undefined && { subject: subject.replace(/\p{Cc}+/gu, ' ') }),
    text: text.replaceAll('\r\n', '\n').replace(CONTROLS, ' '),
  };
}
