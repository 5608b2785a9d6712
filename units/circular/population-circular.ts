import type { Json } from '../../model/canonical-json.js';
import type { Population, SelectedObject } from '../../model/population.js';
import { circular, degrees, fixed, isTime, NAME_LETTERS, resultLines, utcMinute, type Wishes } from './circular.js';
import { outside, STYLES, wrapped, type Style } from './plain-text.js';
import { textTable } from './text-table.js';

const BAND_LETTERS = 8;
const HEAD = ['Name', 'RA', 'Dec', 'Det', 'Last (UT)', 'Band', 'Mag'];

/** A circular on all that a periodic run has selected: a table, and the results that are asked for. */
export function populationCircular(population: Population, wishes: Wishes): Json {
  const { channel, rule, dueJd, count, objects } = population;
  const style = STYLES[wishes.style];
  const what = `${count === 0 ? 'No' : count} optical transient candidate${count === 1 ? '' : 's'}`;
  const paragraphs = objects.length === 0 ? [['No object was selected.']] : tables(population, wishes.fields, style);
  return circular({ what, paragraphs, channel, rule, dueJd }, wishes);
}

function tables({ count, objects }: Population, fields: readonly string[], style: Style): string[][] {
  const which = objects.length < count ? ` (the first ${objects.length} of ${count} objects)` : '';
  const about =
    `Position (J2000, deg), number of detections, and the last one with its AB magnitude in the difference image, ` +
    `not corrected for extinction${which}:`;
  const rows = objects.map((object) => row(object, style));
  return [
    wrapped(about, style),
    textTable([HEAD, ...rows], style.width),
    ...(fields.length === 0 ? [] : objects.map((object) => resultsOf(object, fields, style))),
  ];
}

function row({ objectId, position, detections, lastDetection: last }: SelectedObject, style: Style): string[] {
  const seen = last === undefined ? ['-', '-', '-'] : lastText(last, style);
  return [outside(objectId, style, NAME_LETTERS), ...degrees(position, 5), String(detections), ...seen];
}

function lastText({ jd, band, mag }: NonNullable<SelectedObject['lastDetection']>, style: Style): string[] {
  const time = isTime(jd) ? utcMinute(jd).replace(/ UT$/, '') : '-';
  return [time, outside(band, style, BAND_LETTERS), fixed(mag, 2)];
}

function resultsOf({ objectId, results }: SelectedObject, fields: readonly string[], style: Style): string[] {
  const lines = resultLines(results, fields, style);
  return [outside(objectId, style, NAME_LETTERS), ...lines];
}
