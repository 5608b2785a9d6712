import { counted } from '../counted.js';
import type { LiveFigures, LiveNight, LiveRates } from './live-figures.js';

/** A night on its way. */
export interface NightOnItsWay {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  readonly alerts: number;
  /** Of these, in the topic. */
  readonly written: number;
  /** Alerts that their transients have still to decide on. */
  readonly undecided: number;
}

/** The line has to fit a terminal of 80 columns in a dense night too. */
const BAR_LETTERS = 10;

/** `night 2 of 6 [====------] 720 of 1991  in 200/s  out 197/s  lag 42` */
export function nightProgress(
  { number, of, alerts, written, undecided }: NightOnItsWay,
  { writtenPerSecond, readPerSecond, lag }: LiveRates,
): string {
  const done = Math.round((BAR_LETTERS * written) / Math.max(1, alerts));
  const bar = '='.repeat(done) + '-'.repeat(Math.max(0, BAR_LETTERS - done));
  const now =
    written < alerts || lag > 0
      ? `in ${writtenPerSecond}/s  out ${readPerSecond}/s  lag ${lag}`
      : `read; ${counted(undecided, 'decision')} to come`;
  return `night ${number} of ${of} [${bar}] ${written} of ${alerts}  ${now}`;
}

/** What is left on the screen of a night; its time is until everything of it was decided. */
export function nightLine({ number, of }: Pick<NightOnItsWay, 'number' | 'of'>, night: LiveNight): string {
  const { date, messages, writtenPerSecond, readPerSecond, highestLag, seconds } = night;
  const facts = [
    messages === 0 ? 'written before' : counted(messages, 'alert'),
    ...rate('in', writtenPerSecond),
    ...rate('out', readPerSecond),
    ...(readPerSecond === null ? ['read before'] : [`lag up to ${highestLag}`]),
    `${seconds} s`,
  ];
  return `night ${number} of ${of}, ${date}: ${facts.join(', ')}`;
}

/** The lines of the report on what went through Kafka. */
export function liveText(figures: LiveFigures): string {
  const { topics, partitions, readers, messages, writtenBefore, bytes, highestLag } = figures;
  const where = `${counted(topics, 'topic')} of ${counted(partitions, 'partition')} each`;
  const before = writtenBefore === 0 ? '' : `, and ${writtenBefore} written before`;
  return [
    `Kafka        ${counted(messages, 'message')}${before} (${(bytes / 1e6).toFixed(0)} MB) in ${where}`,
    ...rate('in          ', figures.writtenPerSecond).map((text) => `${text}, while a night is written`),
    ...rate('out         ', figures.readPerSecond).map(
      (text) => `${text}, until all of the night has been read, by ${counted(readers, 'reader')}`,
    ),
    ...(figures.readPerSecond === null
      ? []
      : [`highest lag  ${counted(highestLag, 'message')} that waited to be read`]),
  ].join('\n');
}

/** Nothing where there was nothing to measure. */
function rate(way: string, perSecond: number | null): string[] {
  return perSecond === null ? [] : [`${way} ${perSecond}/s`];
}
