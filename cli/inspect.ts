import { Command } from 'commander';
import { combineState } from '../activities/combine.js';
import type { Alert } from '../model/alert.js';
import type { Datapoint, DatapointKind } from '../model/datapoint.js';
import { nightOfJd } from '../model/julian-date.js';
import type { Survey } from '../streams/survey.js';
import { printLine, printText } from './json-lines.js';
import { readAlerts, requireAllRead, type ReadCounts } from './read-alerts.js';

/** One line of `ampel inspect --json`: ids are decimal strings, angles in degrees, times Julian dates. */
interface InspectedAlert extends Omit<Alert, 'candidate' | 'datapoints'> {
  readonly datapoints: readonly Omit<Datapoint, 'body'>[];
  /** AMPEL's link of the state that this alert alone leads to, for who may see all points. */
  readonly state: string;
}

interface Flags {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel inspect ALERTS.tar.gz                 a line for each alert, and counts
  $ ampel inspect night/ one.avro --json        one JSON object a line
  $ ampel inspect night/ --json | head -1       the first alert

A PATH is an Avro container, a tar or tar.gz of such, or a folder; what it is is told by its content. What cannot be
read is told on stderr, and the exit status is 2 then.`;

/** `ampel inspect`: what is in alerts, without a server. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Read alerts and print their identities, measurements and state')
    .argument('<path...>', 'files, archives or folders with alerts')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(inspect);
}

async function inspect(paths: string[], { json = false }: Flags): Promise<void> {
  const summary = new InspectSummary();
  const counts = await readAlerts(paths, { showsProgress: !process.stdout.isTTY }, async (packet, survey) => {
    const alert = inspected(survey.readAlert(packet), survey);
    summary.add(alert);
    if (json) await printLine(alert);
    else await printText(lineOf(alert));
  });
  if (!json) await printText(summary.text(counts));
  requireAllRead(counts);
}

function inspected(alert: Alert, survey: Survey): InspectedAlert {
  const { alertId, objectId, stock, jd, position, datapoints } = alert;
  return {
    ...{ survey: survey.name, alertId, objectId, stock, jd, position },
    datapoints: datapoints.map(({ id, kind, jd, band, tags }) => ({ id, kind, jd, band, tags })),
    state: combineState(survey, datapoints, alert, survey.access).link,
  };
}

function lineOf({ alertId, objectId, jd, position, datapoints, state }: InspectedAlert): string {
  const { ra, dec } = position;
  const place = `${ra.toFixed(5).padStart(9)} ${dec < 0 ? '' : '+'}${dec.toFixed(5)}`.padEnd(19);
  const counted = countsOf(datapoints).padEnd(30);
  return `${objectId.padEnd(12)}  ${alertId.padStart(19)}  ${nightOfJd(jd)}  ${datapoints[0]?.band ?? '?'}  ${place}  ${counted}  state ${state}`;
}

const NAMES: Readonly<Record<DatapointKind, string>> = {
  detection: 'detections',
  upperLimit: 'upper limits',
  forced: 'forced',
};

function countsOf(datapoints: readonly Pick<Datapoint, 'kind'>[]): string {
  const counts = countByKind(datapoints);
  const named = [...counts].map(
    ([kind, count]) => `${count} ${count === 1 ? NAMES[kind].replace(/s$/, '') : NAMES[kind]}`,
  );
  return named.join(', ');
}

function countByKind(datapoints: readonly Pick<Datapoint, 'kind'>[]): Map<DatapointKind, number> {
  const counts = new Map<DatapointKind, number>();
  for (const { kind } of datapoints) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What all alerts come to. */
class InspectSummary {
  private readonly objects = new Set<string>();
  private readonly nights = new Set<string>();
  private readonly kinds = new Map<DatapointKind, number>([
    ['detection', 0],
    ['upperLimit', 0],
  ]);

  add({ objectId, jd, datapoints }: InspectedAlert): void {
    this.objects.add(objectId);
    this.nights.add(nightOfJd(jd));
    for (const [kind, count] of countByKind(datapoints)) this.kinds.set(kind, (this.kinds.get(kind) ?? 0) + count);
  }

  text({ read, unreadable }: ReadCounts): string {
    const points = [...this.kinds].map(([kind, count]) => `${count} ${NAMES[kind]}`);
    const nights = [...this.nights].sort();
    const span = nights.length === 0 ? '' : ` (${[...new Set([nights[0], nights.at(-1)])].join(' to ')})`;
    return `\n${read} alerts, ${this.objects.size} objects, ${nights.length} nights${span}, ${points.join(', ')}, ${unreadable} unreadable`;
  }
}
