import { brightnessOf } from '../model/brightness.js';
import type { Datapoint } from '../model/datapoint.js';
import { nightOfJd } from '../model/julian-date.js';

export interface PlotSize {
  /** Letters of a line, axis included. */
  readonly columns: number;
  /** Lines of the plot itself; the axis and its dates take two more. */
  readonly rows: number;
}

/** What a point is drawn as, and where. */
interface Mark {
  readonly jd: number;
  readonly mag: number;
  readonly letter: string;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const STANDARD_SIZE: PlotSize = { columns: 78, rows: 15 };
/** `19.25 |` */
const AXIS_WIDTH = 7;
/** Every so many rows say their magnitude. */
const ROWS_A_LABEL = 3;
/** A single point, or points of one magnitude, stand in the middle of this (mag). */
const LEAST_MAGNITUDES = 0.5;
const DATE_WIDTH = 10;
const UPPER_LIMIT = 'v';
const NEGATIVE = '-';
const SEVERAL = '*';

/** What the letters of a plot mean. */
export const PLOT_LEGEND = `u g r i z y: detections, ${NEGATIVE}: fainter than the reference, ${UPPER_LIMIT}: upper limits, ${SEVERAL}: several bands in one place`;

/**
 * A light curve in letters: difference magnitudes, limits' limiting magnitudes, faint ones below, time to the
 * right with the dates under it. A detection covers a limit. Empty where no point has a magnitude.
 */
export function lightCurvePlot(datapoints: readonly Datapoint[], size: PlotSize = STANDARD_SIZE): string[] {
  const marks = datapoints.flatMap(markOf);
  if (marks.length === 0) return [];
  const width = size.columns - AXIS_WIDTH;
  const mags = rangeOf(
    marks.map(({ mag }) => mag),
    LEAST_MAGNITUDES,
  );
  const times = rangeOf(
    marks.map(({ jd }) => jd),
    1,
  );
  const grid = Array.from({ length: size.rows }, () => new Array<string>(width).fill(' '));
  for (const { jd, mag, letter } of marks) {
    const row = grid[placeIn(mags, mag, size.rows)];
    const column = placeIn(times, jd, width);
    if (row !== undefined) row[column] = drawn(row[column] ?? ' ', letter);
  }
  return [
    ...grid.map((row, index) => `${label(mags, index, size.rows)}${row.join('')}`.trimEnd()),
    `${' '.repeat(AXIS_WIDTH - 1)}+${'-'.repeat(width)}`,
    `${' '.repeat(AXIS_WIDTH)}${dates(times, width)}`,
  ];
}

function markOf(point: Datapoint): Mark[] {
  const brightness = brightnessOf(point);
  if (brightness === undefined) return [];
  const { mag, isLimit, isNegative } = brightness;
  const detection = isNegative ? NEGATIVE : point.band.slice(0, 1);
  return [{ jd: point.jd, mag, letter: isLimit ? UPPER_LIMIT : detection }];
}

function rangeOf(values: readonly number[], least: number): Range {
  const from = values.reduce((a, b) => Math.min(a, b));
  const to = values.reduce((a, b) => Math.max(a, b));
  if (to > from) return { from, to };
  return { from: from - least / 2, to: to + least / 2 };
}

function placeIn({ from, to }: Range, value: number, places: number): number {
  return Math.round(((value - from) / (to - from)) * (places - 1));
}

function drawn(before: string, letter: string): string {
  if (before === ' ' || before === UPPER_LIMIT || before === letter) return letter;
  return letter === UPPER_LIMIT ? before : SEVERAL;
}

function label({ from, to }: Range, row: number, rows: number): string {
  const mag = from + ((to - from) * row) / Math.max(rows - 1, 1);
  const text = row % ROWS_A_LABEL === 0 ? mag.toFixed(2) : '';
  return `${text.padStart(AXIS_WIDTH - 2)} |`;
}

/** The first date, the last, and as many between as have room. */
function dates({ from, to }: Range, width: number): string {
  const intervals = Math.max(1, Math.floor(width / (2 * DATE_WIDTH)));
  const gap = (width - DATE_WIDTH) / intervals;
  const isShort = to - from < intervals;
  const shown = isShort ? [0, intervals] : Array.from({ length: intervals + 1 }, (_, index) => index);
  return shown.reduce((line, index) => {
    const start = Math.round(index * gap);
    // A date names the place of its middle, but for the two at the ends.
    const share = index === 0 ? 0 : index === intervals ? 1 : (start + DATE_WIDTH / 2) / width;
    return line.padEnd(start) + nightOfJd(from + (to - from) * share);
  }, '');
}
