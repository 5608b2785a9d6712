import { Command } from 'commander';
import { readyChannel } from '../activities/channel-revisions.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import { surveyNamed } from '../streams/surveys.js';
import { loadRegistry } from '../units/registry.js';
import { printLine, printText } from './json-lines.js';
import { readAlerts, requireAllRead } from './read-alerts.js';
import { schemasOption } from './schemas-option.js';
import { requireChannel } from './require-channel.js';
import { trialLine, TrialTally } from './trial.js';

interface Flags {
  readonly from: string[];
  readonly schemas?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel channel try channels/HU_RAPID.yaml --from night.tar.gz    how many alerts it accepts, and why not the others
  $ ampel channel try channels/HU_RAPID.yaml --from night/ --json   a line for each alert

For a rejection the line has the first cut that failed: reason, field, value, limit. An alert that the channel has no
right to see is rejected for "access".`;

/** `ampel channel try`: what a channel's filter makes of alerts, without a server. */
export function channelTryCommand(): Command {
  return new Command('try')
    .description("Run a channel's filter (T0) over alerts: what would it accept, and why not the others?")
    .argument('<file>', 'the channel, a YAML file')
    .requiredOption('--from <path...>', 'files, archives or folders with alerts')
    .addOption(schemasOption())
    .option('--json', 'print one JSON object for each alert')
    .addHelpText('after', EXAMPLES)
    .action(channelTry);
}

async function channelTry(file: string, { from, schemas, json = false }: Flags): Promise<void> {
  const registry = await loadRegistry();
  const ready = readyChannel(await requireChannel(file, registry), registry);
  const { channel } = ready;
  const { reads, reasons } = registry.filter(channel.t0.unit);
  const survey = surveyNamed(channel.stream);
  const readScreened = survey.screenReader(reads);
  const tally = new TrialTally();
  const options = { showsProgress: !(json && process.stdout.isTTY), ...(schemas !== undefined && { schemas }) };
  const counts = await readAlerts(from, options, async (packet, found) => {
    if (found !== survey) throw new Unreadable('schema', `an alert of ${found.name}; the channel reads ${survey.name}`);
    const alert = readScreened(packet);
    const line = trialLine(alert, ready.filter(alert.view(channel.access)));
    if (json) await printLine(line);
    else tally.add(line);
  });
  const meanings = { ...reasons, access: 'data that the channel has no right to see' };
  if (!json) await printText(tally.text(`${channel.name} ${channel.version} (${channel.t0.unit})`, meanings));
  requireAllRead(counts);
}
