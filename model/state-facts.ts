import { brightnessOf } from './brightness.js';
import type { Json } from './canonical-json.js';
import type { Datapoint } from './datapoint.js';

/** What the names of a state mean to the expressions of rules; times are Julian dates, magnitudes AB of the difference. */
export const STATE_FACTS = {
  detections: 'number of detections',
  upperLimits: 'number of upper limits',
  firstJd: 'time of the first detection',
  lastJd: 'time of the last detection',
  days: 'from the first detection to the last',
  lastMag: 'magnitude of the last detection',
  peakMag: 'magnitude of the brightest detection',
} as const;

export type StateFacts = Readonly<Record<string, Json>>;

/** What is known of a state without computing anything. What it does not have, as a peak without detections, is left out. */
export function stateFacts(datapoints: readonly Datapoint[]): StateFacts {
  const detections = datapoints.filter(({ kind }) => kind === 'detection').toSorted((a, b) => a.jd - b.jd);
  const upperLimits = datapoints.filter(({ kind }) => kind === 'upperLimit').length;
  const [first] = detections;
  const last = detections.at(-1);
  const facts = { detections: detections.length, upperLimits } satisfies Partial<
    Record<keyof typeof STATE_FACTS, Json>
  >;
  if (first === undefined || last === undefined) return facts;
  const mags = detections.flatMap((point) => brightnessOf(point)?.mag ?? []);
  const lastMag = brightnessOf(last)?.mag;
  return {
    ...facts,
    ...{ firstJd: first.jd, lastJd: last.jd, days: last.jd - first.jd },
    ...(lastMag !== undefined && { lastMag }),
    ...(mags.length > 0 && { peakMag: mags.reduce((a, b) => Math.min(a, b)) }),
  };
}
