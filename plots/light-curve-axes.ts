import type { PlotPoint } from './light-curve-points.js';

type Range = [number, number];

/** A lone point stands in the middle of so many days and magnitudes. */
const LEAST_DAYS = 1;
const LEAST_MAGNITUDES = 1;
/** Left free at each end, as part of the whole. */
const MARGIN = 0.06;
/** A longer error bar runs off the picture: it would press all points together. */
const LONGEST_ERROR = 1;
/** How many labels stand side by side. */
const TIME_LABELS = 6;

export interface TimeAxis {
  readonly domain: Range;
  readonly tickCount: number;
  /** Vega expression of a label: MJD, under it the UTC date and, where the days are few, the time. */
  readonly labels: string;
  /** Days between ticks, at least: for whole days no fraction is shown. */
  readonly tickMinStep?: number;
}

/** Time from the first to the last of some modified Julian dates. */
export function timeAxis(mjds: readonly number[]): TimeAxis {
  const domain = padded(mjds, LEAST_DAYS);
  const step = (domain[1] - domain[0]) / TIME_LABELS;
  const digits = step >= 1 ? 0 : Math.ceil(-Math.log10(step));
  // MJD 40587 is 1970-01-01, Vega counts ms from there. The rounding takes away what a binary fraction adds to midnight.
  const utc = (format: string): string => `utcFormat(round((datum.value - 40587) * 86400) * 1000, '${format}')`;
  const lines = [`format(datum.value, '.${digits}f')`, utc('%Y-%m-%d'), ...(digits > 0 ? [utc('%H:%M')] : [])];
  return {
    ...{ domain, tickCount: TIME_LABELS, labels: `[${lines.join(', ')}]` },
    ...(digits === 0 && { tickMinStep: 1 }),
  };
}

/** Magnitudes of points and of most of their error bars. */
export function magnitudeDomain(points: readonly Pick<PlotPoint, 'mag' | 'faint'>[]): Range {
  const ends = points.flatMap(({ mag, faint = mag }) => {
    const error = Math.min(faint - mag, LONGEST_ERROR);
    return [mag - error, mag + error];
  });
  return padded(ends, LEAST_MAGNITUDES);
}

function padded(values: readonly number[], least: number): Range {
  const from = values.reduce((a, b) => Math.min(a, b), Infinity);
  const to = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const margin = Math.max(MARGIN * (to - from), (least - (to - from)) / 2);
  return [from - margin, to + margin];
}
