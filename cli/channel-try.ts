import { Command } from 'commander';
import { readyChannel, type ReadyChannel } from '../activities/channel-revisions.js';
import { fieldsOf } from '../activities/screen.js';
import type { Alert } from '../model/alert.js';
import type { Verdict } from '../model/decision.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import type { Packet } from '../streams/packet.js';
import type { ScreenedAlert, Survey } from '../streams/survey.js';
import { loadRegistry, type Registry } from '../units/registry.js';
import { printLine, printText } from './json-lines.js';
import { readAlerts, requireAllRead, type ReadCounts } from './read-alerts.js';
import { reasonMeanings } from './reason-meanings.js';
import { requireChannel } from './require-channel.js';
import { schemasOption } from './schemas-option.js';
import { DifferenceTally } from './trial-diff.js';
import { trialLine, TrialTally } from './trial.js';

interface Flags {
  readonly from: string[];
  readonly against?: string;
  readonly schemas?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel channel try channels/HU_RAPID.yaml --from night.tar.gz    how many alerts it accepts, and why not the others
  $ ampel channel try channels/HU_RAPID.yaml --from night/ --json   a line for each alert
  $ ampel channel try new/HU_RAPID.yaml --against channels/HU_RAPID.yaml --from night1.tar.gz night2.tar.gz
                                                                    what a revision would gain and lose

For a rejection the line has the first cut that failed: reason, field, value, limit. An alert that the channel has no
right to see is rejected for "access". With --against there is a line for each alert on which both decide
differently: {alertId, objectId, jd, change: "gained", "lost" or "regrouped", before, after}. Each alert is looked at by itself:
what on_stock_match makes of known objects is not tried.`;

/** `ampel channel try`: what a channel's filter makes of alerts, without a server. */
export function channelTryCommand(): Command {
  return new Command('try')
    .description("Run a channel's filter (T0) over alerts: what would it accept, and why not the others?")
    .argument('<file>', 'the channel, a YAML file')
    .requiredOption('--from <path...>', 'files, archives or folders with alerts')
    .option('--against <file>', 'another revision of the channel: show what FILE would gain and lose against it')
    .addOption(schemasOption())
    .option('--json', 'print one JSON object for each alert')
    .addHelpText('after', EXAMPLES)
    .action(channelTry);
}

async function channelTry(file: string, flags: Flags): Promise<void> {
  const registry = await loadRegistry();
  const channel = await requireReady(file, registry);
  const { against, json = false } = flags;
  const counts =
    against === undefined
      ? await tryOne(channel, registry, flags, json)
      : await tryBoth(await requireReady(against, registry), channel, registry, flags, json);
  requireAllRead(counts);
}

async function requireReady(file: string, registry: Registry): Promise<ReadyChannel> {
  const { revision, files } = await requireChannel(file, registry);
  return readyChannel(revision, registry, files);
}

async function tryOne(ready: ReadyChannel, registry: Registry, flags: Flags, json: boolean): Promise<ReadCounts> {
  const tally = new TrialTally();
  const counts = await judgeAll([ready], flags, json, async (alert, [verdict = NEVER]) => {
    const line = trialLine(alert, verdict);
    if (json) await printLine(line);
    else tally.add(line);
  });
  if (!json) await printText(tally.text(titleOf(ready), reasonMeanings(registry, labelsOf(ready))));
  return counts;
}

async function tryBoth(
  before: ReadyChannel,
  after: ReadyChannel,
  registry: Registry,
  flags: Flags,
  json: boolean,
): Promise<ReadCounts> {
  const tally = new DifferenceTally();
  const counts = await judgeAll([before, after], flags, json, async (alert, [old = NEVER, now = NEVER]) => {
    const difference = tally.add(alert, old, now);
    if (json && difference !== undefined) await printLine(difference);
  });
  const meanings = reasonMeanings(registry, [...labelsOf(before), ...labelsOf(after)]);
  if (!json) await printText(tally.text(`${titleOf(after)} against ${titleOf(before)}`, meanings));
  return counts;
}

/** Of an alert of a survey that the channel does not read. */
const NEVER: Verdict = { accepted: false, reason: 'access' };

function titleOf(ready: ReadyChannel): string {
  const { name, version } = ready.channel;
  return `${name} ${version} (${labelsOf(ready).join(', ')})`;
}

function labelsOf({ channel }: ReadyChannel): string[] {
  return [...new Set(Object.values(channel.t0).map(({ unit }) => unit))];
}

/** Verdicts of the channels on every alert, from one decode of the fields that one of them reads. */
async function judgeAll(
  channels: readonly ReadyChannel[],
  { from, schemas }: Flags,
  json: boolean,
  each: (alert: Pick<Alert, 'alertId' | 'objectId' | 'jd'>, verdicts: readonly Verdict[]) => Promise<void>,
): Promise<ReadCounts> {
  const readers = new Map<Survey, (packet: Packet) => ScreenedAlert>();
  const readerOf = (survey: Survey): ((packet: Packet) => ScreenedAlert) => {
    let reader = readers.get(survey);
    if (reader === undefined) {
      const reads = channels.flatMap(({ filters }) => filters.get(survey.name)?.reads ?? []);
      readers.set(survey, (reader = survey.screenReader(fieldsOf(reads))));
    }
    return reader;
  };
  const surveys = new Set(channels.flatMap(({ channel }) => channel.streams));
  const options = { showsProgress: !(json && process.stdout.isTTY), ...(schemas !== undefined && { schemas }) };
  return await readAlerts(from, options, async (packet, survey) => {
    if (!surveys.has(survey.name)) {
      throw new Unreadable('schema', `an alert of ${survey.name}; the channel reads ${[...surveys].join(', ')}`);
    }
    const alert = readerOf(survey)(packet);
    const verdicts = channels.map(
      ({ channel, filters }) => filters.get(survey.name)?.judge(alert.view(channel.access)) ?? NEVER,
    );
    await each(alert, verdicts);
  });
}
