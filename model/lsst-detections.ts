import type { AlertContent } from './alert.js';
import type { Fields } from './datapoint.js';

/** The sources of an LSST alert, forced photometry and limits left out. */
export interface LsstDetections {
  /** The triggering source included. */
  readonly count: number;
  /** Time between the first and the last (days, TAI); NaN where one has no time. */
  readonly spanDays: number;
}

/**
 * Counts the sources of an LSST alert as AMPEL's filters do: what has a `diaSourceId`. A source in whose visit there is
 * forced photometry too is not in the history, so it does not count.
 */
export function lsstDetections({ candidate, history }: AlertContent): LsstDetections {
  const sources = [candidate, ...history].filter((point) => point['diaSourceId'] != null);
  const times = sources.map(timeOf);
  return { count: sources.length, spanDays: Math.max(...times) - Math.min(...times) };
}

function timeOf(point: Fields): number {
  const mjdTai = point['midpointMjdTai'];
  return typeof mjdTai === 'number' ? mjdTai : Number.NaN;
}
