import { z } from 'zod';
import { utcOfJd } from '../message/utc-of-jd.js';
import type { Json } from '../../model/canonical-json.js';
import type { Occasion } from '../../model/occasion.js';
import type { Population, SelectedObject } from '../../model/population.js';
import { linkOf } from '../message/link.js';
import { degreesText, explainCommand, occasionFacts } from '../message/occasion-facts.js';
import { resultText } from '../message/result-text.js';
import { seen } from '../message/seen.js';
import { code, facts, grid, links, page } from './html.js';

/** A mail as it is stored before it is sent. */
export const mail = z.object({ subject: z.string(), text: z.string(), html: z.string() });
export type Mail = z.output<typeof mail>;

/** Where the light curve comes, if there is one. */
export const PICTURE_PLACE = '<!-- light curve -->';

interface Wishes {
  readonly subject: string;
  readonly fields: readonly string[];
  readonly links: readonly string[];
}

const SUBJECT_LETTERS = 200;

/** A mail on one object. */
export function objectMail(occasion: Occasion, wishes: Wishes): Json {
  const { objectId, channel, rule, results } = occasion;
  const subject = oneLine(`${wishes.subject}${objectId} (${channel}, ${rule})`);
  const told = [
    ...occasionFacts(occasion),
    ...wishes.fields.map((path) => ({ title: path, lines: [resultText(results, path)] })),
  ];
  const urls = wishes.links.map((template) => linkOf(template, occasion));
  const command = explainCommand(occasion);
  const lines = told.map(({ title, lines: values }) => `${title}: ${values.map(seen).join(', ')}`);
  const text = [seen(objectId), '', ...lines, '', ...urls.map(({ href }) => href), command, ''].join('\n');
  const html = page(objectId, [facts(told), PICTURE_PLACE, ...(urls.length > 0 ? [links(urls)] : []), code(command)]);
  return { subject, text, html } satisfies Mail;
}

/** A mail on all that a run has selected. */
export function populationMail(population: Population, wishes: Wishes): Json {
  const { channel, rule, count, objects, dueJd } = population;
  const title = `${channel}, ${rule}: ${count} ${count === 1 ? 'object' : 'objects'}`;
  const subject = oneLine(`${wishes.subject}${title}`);
  const titles = ['object', 'position', 'last detection', 'detections', ...wishes.fields];
  const rows = objects.map((object) => rowOf(object, wishes.fields));
  const rest = count > objects.length ? [`and ${count - objects.length} more that are not told of`] : [];
  const when = `as of ${utcOfJd(dueJd)}`;
  const lines = rows.map((row) => row.map(seen).join('  '));
  const text = [title, when, '', titles.join('  '), ...lines, ...rest, ''].join('\n');
  const html = page(title, [code(when), grid(titles, rows), ...rest.map(code)]);
  return { subject, text, html } satisfies Mail;
}

function rowOf(
  { objectId, position, lastDetection, detections, results }: SelectedObject,
  fields: readonly string[],
): string[] {
  const mag = lastDetection?.mag === undefined ? '' : ` ${lastDetection.mag.toFixed(2)} mag`;
  const last = lastDetection === undefined ? 'none' : `${utcOfJd(lastDetection.jd)}, ${lastDetection.band}${mag}`;
  return [
    objectId,
    degreesText(position),
    last,
    String(detections),
    ...fields.map((path) => resultText(results, path)),
  ];
}

/** A header is one line, whatever an object is called. */
function oneLine(text: string): string {
  return seen(text).replaceAll(/\s+/g, ' ').slice(0, SUBJECT_LETTERS);
}
