import { NOTICES } from '../streams/surveys.js';
import { counted } from './counted.js';
import type { ShownStream } from './shown-stream.js';
import { minuteText } from './utc-text.js';

const SHOWN_NOTICES = 5;

/** A stream at length, as text for a terminal. */
export function streamText(shown: ShownStream, url: string | undefined): string {
  const { name, state, at, forwarded, unreadable, clock, paths, input, failure, lag } = shown;
  const { partitions = [], notices = [] } = shown;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['doing', doingText(shown)],
    ['position', `${packetsText(shown)} read${shown.survey === undefined ? '' : ` (${shown.survey})`}`],
    ['lag', lag === undefined ? undefined : `${packetsText(shown, lag)} to be read`],
    ['forwarded', packetsText(shown, forwarded)],
    ['unreadable', `${unreadable}${deadLettersText(shown)}`],
    ['clock', clock === undefined ? undefined : `${minuteText(new Date(clock))} UTC`],
    [failureTitle(shown), failure === undefined ? undefined : failureText(failure)],
    ...(paths.length === 0 && input !== undefined ? [['input', input] as const] : []),
    ...listed('paths', paths),
    ...listed(
      'partitions',
      partitions.map(({ partition, offset, end }) => `${partition} at ${offset} of ${end}`),
    ),
    ...listed(
      'notices',
      notices.slice(-SHOWN_NOTICES).map((one) => `${minuteText(one.at)} UTC  ${one.message}`),
    ),
    ['workflow', url],
  ];
  const head = `${name}: ${state}${at === undefined ? '' : `, last heard of ${minuteText(at)} UTC`}`;
  const lines = facts.flatMap(([title, value]) => (value === undefined ? [] : [`  ${title.padEnd(10)}  ${value}`]));
  return [head, ...lines].join('\n');
}

/** `1200 alerts`, `1 notice`. */
function packetsText({ survey, position }: ShownStream, count = position): string {
  return counted(count, survey === NOTICES ? 'notice' : 'alert');
}

function listed(title: string, lines: readonly string[]): (readonly [string, string])[] {
  return lines.map((line, index) => [index === 0 ? title : '', line]);
}

/** What is told when a stream has ended. */
export function endText(shown: ShownStream): string {
  const { name, state, forwarded, clock } = shown;
  const figures = [
    `${packetsText(shown)} read`,
    `${forwarded} forwarded`,
    `${shown.unreadable} unreadable${deadLettersText(shown)}`,
    ...(clock === undefined ? [] : [`clock at ${minuteText(new Date(clock))} UTC`]),
  ];
  return `${name} is ${state}: ${figures.join(', ')}`;
}

/** How far a running stream is, on one line. */
export function progressText(shown: ShownStream): string {
  const { name, state, forwarded, clock, lag } = shown;
  const figures = [
    `${name}: ${packetsText(shown)}`,
    ...(lag === undefined ? [] : [`${lag} to be read`]),
    `${forwarded} forwarded`,
    ...(clock === undefined ? [] : [`at ${minuteText(new Date(clock))}`]),
    doingText(shown) ?? state,
  ];
  return figures.join(', ');
}

/** `reading, 640 alerts/s`; undefined where there is nothing to do. */
export function doingText({ doing, alertsPerSecond = 0, survey }: ShownStream): string | undefined {
  if (doing === undefined || alertsPerSecond === 0) return doing;
  return `${doing}, ${alertsPerSecond} ${survey === NOTICES ? 'notices' : 'alerts'}/s`;
}

function deadLettersText({ deadLetters }: ShownStream): string {
  return deadLetters === 0 ? '' : ` (${counted(deadLetters, 'dead letter')})`;
}

/** A reader that failed once and works again is nothing to see to. */
function failureTitle({ doing, failure }: ShownStream): string {
  const isOver = doing !== undefined && failure?.attempt !== undefined && !doing.includes(failure.message);
  return isOver ? 'overcome' : 'failure';
}

function failureText({ attempt, message }: NonNullable<ShownStream['failure']>): string {
  return attempt === undefined ? message : `attempt ${attempt}: ${message}`;
}
