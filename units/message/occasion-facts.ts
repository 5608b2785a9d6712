import { brightnessOf } from '../../model/brightness.js';
import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';
import { sexagesimal } from '../../model/sexagesimal.js';
import { seen } from './seen.js';
import { utcOfJd } from './utc-of-jd.js';

/** What a message for people says of an object, whoever carries it. Names are as they came: their letters are for the carrier. */
export interface Fact {
  readonly title: string;
  readonly lines: readonly string[];
}

/** All in one line. */
export function occasionLine({ channel, rule, objectId, position, state }: Occasion): string {
  return `${channel} ${rule}: ${objectId} at ${degreesText(position)}, ${lastDetectionText(state.datapoints).join(', ')}`;
}

export function occasionFacts({ channel, rule, position, state: { datapoints } }: Occasion): Fact[] {
  return [
    { title: 'Channel', lines: [channel] },
    { title: 'Rule', lines: [rule] },
    { title: 'Position', lines: [degreesText(position), sexagesimal(position)] },
    { title: 'Last detection', lines: lastDetectionText(datapoints) },
    { title: 'Light curve', lines: [countsText(datapoints)] },
  ];
}

/** To be copied into a shell, whatever letters a name has. */
export function explainCommand({ objectId, channel }: Pick<Occasion, 'objectId' | 'channel'>): string {
  return `ampel explain ${quoted(objectId)} --channel ${quoted(channel)}`;
}

function quoted(word: string): string {
  const clean = seen(word);
  return /^\w[\w.+-]*$/.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}

/** ICRS, degrees. */
export function degreesText({ ra, dec }: Occasion['position']): string {
  return `${ra.toFixed(6)} ${dec < 0 ? '' : '+'}${dec.toFixed(6)} deg`;
}

function lastDetectionText(datapoints: readonly Datapoint[]): string[] {
  let last: Datapoint | undefined;
  for (const point of datapoints) {
    if (point.kind === 'detection' && (last === undefined || point.jd > last.jd)) last = point;
  }
  if (last === undefined) return ['no detection'];
  return [`${last.band} ${magnitudeText(last)}`, utcOfJd(last.jd)];
}

function magnitudeText(point: Datapoint): string {
  const brightness = brightnessOf(point);
  if (brightness === undefined) return 'without magnitude';
  const { mag, magErr, isNegative } = brightness;
  const error = magErr === undefined ? '' : ` ± ${magErr.toFixed(2)}`;
  return `${mag.toFixed(2)}${error} mag${isNegative ? ', fainter than the reference' : ''}`;
}

const KINDS = [
  { kind: 'detection', one: 'detection', many: 'detections' },
  { kind: 'upperLimit', one: 'upper limit', many: 'upper limits' },
  { kind: 'forced', one: 'forced measurement', many: 'forced measurements' },
] as const;

function countsText(datapoints: readonly Datapoint[]): string {
  const counts = KINDS.map(({ kind, one, many }) => {
    const count = datapoints.filter((point) => point.kind === kind).length;
    return { kind, count, text: `${count} ${count === 1 ? one : many}` };
  });
  return counts
    .filter(({ kind, count }) => kind !== 'forced' || count > 0)
    .map(({ text }) => text)
    .join(', ');
}
