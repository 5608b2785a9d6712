import type { Datapoint } from '../../model/datapoint.js';
import { counted } from '../counted.js';
import { lightCurvePlot, PLOT_LEGEND } from '../light-curve-plot.js';
import { table, type Cell } from '../table.js';
import type { Candidate } from './candidates.js';
import type { Figures } from './figures.js';
import type { LiveFigures } from './live-figures.js';
import { liveText } from './live-text.js';
import type { RunFigures } from './run-schedule.js';
import type { Score, Share } from './score.js';
import type { ServiceAddresses } from '../../worker/services.js';

/** A candidate with what is shown of it. */
export interface ShownCandidate extends Candidate {
  /** What it really is, where that is known. */
  readonly class: string | undefined;
}

export interface DemoReport {
  readonly figures: Figures;
  /** What rules by the clock came to. */
  readonly clock: RunFigures;
  /** The night that has a report, and where it stands. */
  readonly night?: { readonly date: string; readonly file: string };
  /** Reactions that came to the receiver, and how many of them it had before. */
  readonly received: { readonly reactions: number; readonly repeated: number };
  /** Only of nights that were simulated. */
  readonly score?: Score;
  /** Of nights that went through Kafka. */
  readonly kafka?: LiveFigures;
  readonly best: readonly ShownCandidate[];
}

const MOST_REASONS = 6;
const PLOT_SIZE = { columns: 78, rows: 6 };

/** The report of a demo for a person, in lines of text. */
export function reportText(
  { figures, clock, night, received, score, kafka, best }: DemoReport,
  lightCurves: readonly (readonly Datapoint[])[],
): string {
  // The light curves first, as they may scroll away.
  return [
    ...best.map((candidate, index) => candidateText(candidate, lightCurves[index] ?? [])),
    ...(best.length === 0 ? [] : [PLOT_LEGEND]),
    figuresTable(figures, clock, received),
    ...(score === undefined ? [] : [scoreText(score)]),
    ...(kafka === undefined ? [] : [liveText(kafka)]),
    ...(night === undefined ? [] : [`The night of ${night.date}, for people: ${night.file}`]),
  ].join('\n\n');
}

function figuresTable(figures: Figures, clock: RunFigures, received: DemoReport['received']): string {
  const { alerts, unreadable, rejected, rejectedWhileFollowed, accepted, states, results } = figures;
  const allRejected = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const rows: Cell[][] = [
    ['alerts', alerts],
    ['  unreadable', unreadable],
    ['  rejected', allRejected, reasonsText(rejected)],
    ['    while followed', rejectedWhileFollowed, 'of objects accepted before: their history tells of each'],
    ['  accepted', accepted.alerts, `of ${counted(accepted.objects, 'object')}`],
    ['states', states, 'what was known at each accepted alert'],
    ['results', results, 'of T2 units'],
    ...reactionRows(figures.reactions),
    [
      'sent: by the clock',
      clock.sent,
      `${counted(clock.runs, 'run')}, with ${counted(clock.objects, 'object')} in all`,
    ],
    ['received', received.reactions, receivedText(received)],
  ];
  return table(['', 'number', ''], rows);
}

function receivedText({ reactions, repeated }: DemoReport['received']): string {
  if (repeated > 0) return `${repeated} of them more than once`;
  return reactions === 0 ? '' : "each once, by the demo's own receiver";
}

function reactionRows(reactions: Figures['reactions']): Cell[][] {
  return Object.entries(reactions).map(([rule, { sent, calledOff, waiting, failed }]) => {
    const others = [
      ...(calledOff === 0 ? [] : [`${calledOff} called off by another detection`]),
      ...(waiting === 0 ? [] : [`${waiting} due after the last alert`]),
      ...(failed === 0 ? [] : [`${failed} refused or without an answer`]),
    ];
    return [`sent: ${rule}`, sent, others.join(', ')];
  });
}

function reasonsText(rejected: Figures['rejected']): string {
  const reasons = Object.entries(rejected).map(([reason, count]) => `${reason} ${count}`);
  const others = reasons.length > MOST_REASONS ? [counted(reasons.length - MOST_REASONS, 'other reason')] : [];
  return [...reasons.slice(0, MOST_REASONS), ...others].join(', ');
}

function scoreText({ completeness, purity, accepted }: Score): string {
  const classes = Object.entries(accepted)
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${kind} ${count}`);
  return [
    `completeness ${percent(completeness)} of the new supernovae and TDEs with two alerts or more were accepted`,
    `purity       ${percent(purity)} of the accepted objects are supernovae or TDEs`,
    `accepted     ${classes.join(', ')}`,
  ].join('\n');
}

function percent({ found, of, fraction }: Share): string {
  const shown = fraction === null ? '?' : `${Math.round(100 * fraction)}`;
  return `${shown.padStart(3)} %: ${found} of ${of}`;
}

function candidateText(
  { objectId, class: kind, detections, mag }: ShownCandidate,
  points: readonly Datapoint[],
): string {
  const facts = [counted(detections, 'detection'), `last of ${mag.toFixed(1)} mag`];
  const title = `${objectId}${kind === undefined ? '' : `, really ${kind}`}: ${facts.join(', ')}`;
  return [title, ...lightCurvePlot(points, PLOT_SIZE)].join('\n');
}

export interface NextOptions {
  readonly report: DemoReport;
  readonly addresses: ServiceAddresses;
  /** The demo goes on until Ctrl-C. */
  readonly stays: boolean;
  /** Its data stay. */
  readonly keeps: boolean;
}

/** What to look at next, in lines of text. */
export function nextCommands({ report, addresses, stays, keeps }: NextOptions): string {
  const { temporal, mongodb } = addresses;
  const name = report.best[0]?.objectId ?? 'NAME';
  const looks = [`npx ampel explain ${name}`, `npx ampel transient show ${name}`, `npx ampel replay transient/${name}`];
  if (stays) {
    return [
      ...(temporal.uiUrl === undefined ? [] : [`Temporal UI: ${temporal.uiUrl}`]),
      'To look around, in another terminal:',
      ...[`export AMPEL_TEMPORAL_ADDRESS=${temporal.address} AMPEL_MONGODB_URI='${mongodb.uri}'`, ...looks].map(
        indented,
      ),
      `Ctrl-C ends the demo${keeps ? '; its data stay' : ' and removes its data'}.`,
    ].join('\n');
  }
  const next = keeps
    ? ['npx ampel up', ...looks.slice(0, 2)]
    : [
        'npx ampel simulate --nights 8 --seed 1 --out nights',
        'npx ampel channel try channels/HU_RAPID.yaml --from nights',
        'AMPEL_HOME=~/ampel-demo npx ampel demo --keep',
      ];
  return ['To try next:', ...next.map(indented)].join('\n');
}

function indented(line: string): string {
  return `  ${line}`;
}
