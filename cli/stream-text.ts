import { counted } from './counted.js';
import type { ShownStream } from './shown-stream.js';
import { minuteText } from './utc-text.js';

/** A stream at length, as text for a terminal. */
export function streamText(shown: ShownStream, url: string | undefined): string {
  const { name, state, at, position, forwarded, unreadable, clock, survey, paths, failure } = shown;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['doing', doingText(shown)],
    ['position', `${counted(position, 'alert')} read${survey === undefined ? '' : ` (${survey})`}`],
    ['forwarded', counted(forwarded, 'alert')],
    ['unreadable', `${unreadable}${deadLettersText(shown)}`],
    ['clock', clock === undefined ? undefined : `${minuteText(new Date(clock))} UTC`],
    ['failure', failure === undefined ? undefined : failureText(failure)],
    ...paths.map((path, index) => [index === 0 ? 'paths' : '', path] as const),
    ['workflow', url],
  ];
  const head = `${name}: ${state}${at === undefined ? '' : `, last heard of ${minuteText(at)} UTC`}`;
  const lines = facts.flatMap(([title, value]) => (value === undefined ? [] : [`  ${title.padEnd(10)}  ${value}`]));
  return [head, ...lines].join('\n');
}

/** What is told when a stream has ended. */
export function endText(shown: ShownStream): string {
  const { name, state, position, forwarded, clock } = shown;
  const figures = [
    `${counted(position, 'alert')} read`,
    `${forwarded} forwarded`,
    `${shown.unreadable} unreadable${deadLettersText(shown)}`,
    ...(clock === undefined ? [] : [`clock at ${minuteText(new Date(clock))} UTC`]),
  ];
  return `${name} is ${state}: ${figures.join(', ')}`;
}

/** How far a running stream is, on one line. */
export function progressText(shown: ShownStream): string {
  const { name, state, position, forwarded, clock } = shown;
  const figures = [
    `${name}: ${counted(position, 'alert')}`,
    `${forwarded} forwarded`,
    ...(clock === undefined ? [] : [`at ${minuteText(new Date(clock))}`]),
    doingText(shown) ?? state,
  ];
  return figures.join(', ');
}

/** `reading, 640 alerts/s`; undefined where there is nothing to do. */
export function doingText({ doing, alertsPerSecond = 0 }: ShownStream): string | undefined {
  return doing === undefined || alertsPerSecond === 0 ? doing : `${doing}, ${alertsPerSecond} alerts/s`;
}

function deadLettersText({ deadLetters }: ShownStream): string {
  return deadLetters === 0 ? '' : ` (${counted(deadLetters, 'dead letter')})`;
}

function failureText({ attempt, message }: NonNullable<ShownStream['failure']>): string {
  return attempt === undefined ? message : `attempt ${attempt}: ${message}`;
}
