import { Command } from 'commander';
import { findStock, readObjectStory } from '../store/object-story.js';
import { receiptRejections } from '../store/receipt-rejections.js';
import type { Store } from '../store/store.js';
import { counted } from './counted.js';
import type { DecisionLine } from './decision-line.js';
import { decisionSentences } from './decision-sentence.js';
import { printLine, printText } from './json-lines.js';
import { objectDecisions, registeredMeanings } from './object-decisions.js';
import { requireKnownChannel } from './require-known-channel.js';
import { unknownObject } from './unknown-object.js';
import { withStore } from './with-services.js';

interface ExplainFlags {
  readonly channel?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel explain ZTF18abxhyqv                      every decision on it, a sentence each
  $ ampel explain ZTF18abxhyqv --channel HU_RAPID
  $ ampel explain 595147624915010001                one alert
  $ ampel explain ZTF18abxhyqv --json               one JSON object for each

In order of event time (UTC): alerts accepted (t0), with the state they led to, or rejected, with the first cut that
failed; computations (t2); reactions (t3). Of an alert that no channel wanted only its batch's receipt
tells, as long as the channel keeps it.`;

/** `ampel explain NAME`: what was decided on an object, each time, why, and by which code. */
export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'Tell every decision on an object as it was recorded: outcome, reason, value and limit, code and config',
    )
    .argument('<name>', 'an object, such as ZTF18abxhyqv, or the id of an alert')
    .option('--channel <name>', 'only the decisions of this channel')
    .option('--json', 'print one JSON object for each decision')
    .addHelpText('after', EXAMPLES)
    .action((name: string, flags: ExplainFlags) => withStore((store) => explain(store, name, flags)));
}

async function explain(store: Store, name: string, { channel, json = false }: ExplainFlags): Promise<void> {
  await requireKnownChannel(store, channel);
  const stock = await findStock(store, name);
  const objectId = stock?.names[0] ?? name;
  const rejections = await receiptRejections(store, objectId, channel);
  if (stock === undefined && rejections.length === 0) await requireRejected(store, name, channel);
  const story = stock && (await readObjectStory(store, stock));
  const lines = await objectDecisions(store, story, rejections, channel);
  if (lines.length === 0) {
    process.stderr.write(`${channel ?? 'No channel'} has decided nothing about ${objectId} so far.\n`);
  } else if (json) {
    for (const line of lines) await printLine(line);
  } else {
    const meaningOf = await registeredMeanings();
    await printText(`${objectId}: ${countsText(lines)}\n`);
    for (const sentence of decisionSentences(lines, meaningOf)) await printText(sentence);
  }
}

/** An object that other channels have refused is none that nobody knows. */
async function requireRejected(store: Store, name: string, channel: string | undefined): Promise<void> {
  const isKnown = channel !== undefined && (await receiptRejections(store, name)).length > 0;
  if (!isKnown) throw await unknownObject(store, name, { rejected: true });
}

function countsText(lines: readonly DecisionLine[]): string {
  const alerts = new Set(lines.map(({ alertId }) => alertId));
  const channels = new Set(lines.map(({ channel }) => channel));
  const of = (tier: string, outcome: string): number =>
    lines.filter((line) => line.tier === tier && line.outcome === outcome).length;
  const outcomes = `${of('t0', 'accepted')} times accepted, ${of('t0', 'rejected')} times rejected`;
  return `${counted(alerts.size, 'alert')} in ${counted(channels.size, 'channel')}, ${outcomes}`;
}
