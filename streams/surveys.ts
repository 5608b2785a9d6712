import type { WriterSchema } from './avro/writer-schema.js';
import { Unreadable } from './avro/unreadable.js';
import type { Survey } from './survey.js';
import { lsst } from './lsst/survey.js';
import { ztf } from './ztf/survey.js';

/** All surveys by name. A new one is a folder and a line here. */
export const surveys: Readonly<Record<string, Survey>> = { ztf, lsst };

/** A stream of notices: gravitational waves, neutrinos, high-energy triggers. Its messages become events, not alerts. */
export const NOTICES = 'gcn';

/** The survey whose packets have this schema. Throws `Unreadable` where none has. */
export function surveyOf(schema: WriterSchema): Survey {
  const survey = Object.values(surveys).find((one) => one.recognises(schema));
  if (survey !== undefined) return survey;
  throw new Unreadable(
    'schema',
    `records of schema "${schema.rootName}" (${schema.rootFields.slice(0, 8).join(', ')}) are no alerts of a known survey; known: ${Object.keys(surveys).join(', ')}`,
  );
}

/** The survey of this name. Throws `RangeError` with the known names. */
export function surveyNamed(name: string): Survey {
  const survey = Object.hasOwn(surveys, name) ? surveys[name] : undefined;
  if (survey === undefined)
    throw new RangeError(`survey "${name}" is not known; known: ${Object.keys(surveys).join(', ')}`);
  return survey;
}
