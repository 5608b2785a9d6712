import { Command } from 'commander';
import { InspectSummary, INSPECT_HEADING, inspectRow } from './inspect-text.js';
import { inspectedAlert } from './inspected-alert.js';
import { printLine, printText } from './json-lines.js';
import { readAlerts, requireAllRead } from './read-alerts.js';

const EXAMPLES = `
Examples:
  $ ampel inspect ALERTS.tar.gz                 a line for each alert, and counts
  $ ampel inspect night/ one.avro --json        one JSON object a line
  $ ampel inspect night/ --json | head -1       the first alert

A PATH is an Avro container, a tar or tar.gz of such, or a folder; what it is is told by its content. What cannot be
read is told on stderr, and the exit status is 2 then. The state is the one that the alert alone leads to.`;

/** `ampel inspect`: what is in alerts, without a server. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Read alerts and print their identities, measurements and state')
    .argument('<path...>', 'files, archives or folders with alerts')
    .option('--json', 'print one JSON object for each alert')
    .addHelpText('after', EXAMPLES)
    .action(inspect);
}

async function inspect(paths: string[], { json = false }: { readonly json?: boolean }): Promise<void> {
  const summary = new InspectSummary();
  let printed = 0;
  const counts = await readAlerts(paths, { showsProgress: !process.stdout.isTTY }, async (packet, survey) => {
    const alert = inspectedAlert(survey.readAlert(packet), survey);
    if (json) return printLine(alert);
    if (printed++ === 0) await printText(INSPECT_HEADING);
    summary.add(alert);
    await printText(inspectRow(alert));
  });
  if (!json) await printText(`${printed === 0 ? '' : '\n'}${summary.text(counts)}`);
  requireAllRead(counts);
}
