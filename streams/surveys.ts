import type { WriterSchema } from './avro/writer-schema.js';
import { Unreadable } from './avro/unreadable.js';
import type { Survey } from './survey.js';
import { ztf } from './ztf/survey.js';

/** All surveys by name. A new one is a folder and a line here. */
export const surveys: Readonly<Record<string, Survey>> = { ztf };

/** The survey whose packets have this schema. Throws `Unreadable` where none has. */
export function surveyOf(schema: WriterSchema): Survey {
  const survey = Object.values(surveys).find((one) => one.recognises(schema));
  if (survey !== undefined) return survey;
  throw new Unreadable(
    'schema',
    `records of schema "${schema.rootName}" (${schema.rootFields.slice(0, 8).join(', ')}) are no alerts of a known survey; known: ${Object.keys(surveys).join(', ')}`,
  );
}
