import { brightnessOf, type Brightness } from '../../model/brightness.js';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';
import { sexagesimal } from '../../model/sexagesimal.js';
import { circular, degrees, fixed, isTime, NAME_LETTERS, resultLines, utcMinute, type Wishes } from './circular.js';
import { outside, STYLES, wrapped, type Style } from './plain-text.js';
import { textTable } from './text-table.js';

const MOST_MAGNITUDES = 10;
const BAND_LETTERS = 8;

/** A circular on one object: where, since when, how bright, the results that are asked for. */
export function objectCircular(occasion: Occasion, wishes: Wishes): Json {
  const { objectId, position, state, results, channel, rule, dueJd } = occasion;
  const style = STYLES[wishes.style];
  const what = `${outside(objectId, style, NAME_LETTERS)}, an optical transient candidate`;
  const points = state.datapoints.filter(({ jd }) => isTime(jd)).toSorted((a, b) => a.jd - b.jd);
  const detections = points.filter(({ kind }) => kind === 'detection');
  const shown = resultLines(results, wishes.fields, style);
  const paragraphs = [
    [...wrapped(`We report ${what}, at`, style), ...positionLines(position)],
    times(points, detections, style),
    ...magnitudes(detections, style),
    ...(shown.length === 0 ? [] : [shown]),
  ];
  return circular({ what, paragraphs, channel, rule, dueJd }, wishes);
}

function positionLines(position: Occasion['position']): string[] {
  const { ra, dec } = position;
  if (!(Math.abs(ra) <= 360 && Math.abs(dec) <= 90)) return ['  no known position'];
  return [`  RA, Dec (J2000) = ${sexagesimal(position)}`, `  RA, Dec (deg)   = ${degrees(position, 6).join(' ')}`];
}

function times(points: readonly Datapoint[], detections: readonly Datapoint[], style: Style): string[] {
  const [first, last] = [detections[0], detections.at(-1)];
  const limits = points.filter((point) => point.kind === 'upperLimit' && brightnessOf(point) !== undefined);
  if (first === undefined || last === undefined) {
    return ['There is no detection at hand.', ...limitLines('Last upper limit', limits.at(-1), style)];
  }
  const limit = limits.findLast(({ jd }) => jd < first.jd);
  const count = `${detections.length} detection${detections.length === 1 ? '' : 's'}`;
  return [
    `First detection: ${utcMinute(first.jd)}`,
    ...limitLines('Last upper limit before it', limit, style),
    `Last detection: ${utcMinute(last.jd)} (${count})`,
  ];
}

function limitLines(title: string, limit: Datapoint | undefined, style: Style): string[] {
  if (limit === undefined) return [`${title}: none at hand`];
  const mag = fixed(brightnessOf(limit)?.mag, 2);
  return wrapped(`${title}: ${utcMinute(limit.jd)}, ${bandText(limit, style)} > ${mag} mag`, style);
}

/** A line on what the numbers are, and the table. */
function magnitudes(detections: readonly Datapoint[], style: Style): string[][] {
  const measured = detections.flatMap((point) => {
    const brightness = brightnessOf(point);
    return brightness === undefined ? [] : [{ point, brightness }];
  });
  if (measured.length === 0) return detections.length === 0 ? [] : [['No detection has a magnitude.']];
  const last = measured.slice(-MOST_MAGNITUDES);
  const which = last.length < measured.length ? ` (the last ${last.length} of ${measured.length})` : '';
  const about = `AB magnitudes in the difference images, not corrected for extinction${which}:`;
  const rows = last.map(({ point, brightness }) => magnitudeRow(point, brightness, style));
  return [wrapped(about, style), textTable([['Time', 'Band', 'Mag', 'Error'], ...rows], style.width)];
}

function magnitudeRow(point: Datapoint, { mag, magErr, isNegative }: Brightness, style: Style): string[] {
  const note = isNegative ? ['fainter than reference'] : [];
  return [utcMinute(point.jd), bandText(point, style), fixed(mag, 2), fixed(magErr, 2), ...note];
}

function bandText({ band }: Datapoint, style: Style): string {
  return outside(band, style, BAND_LETTERS);
}
