import { Command } from 'commander';
import { inspectHeading, InspectSummary, inspectRow } from './inspect-text.js';
import { inspectedAlert } from './inspected-alert.js';
import { printLine, printText } from './json-lines.js';
import { schemasOption } from './schemas-option.js';
import { readAlerts, requireAllRead } from './read-alerts.js';

const EXAMPLES = `
Examples:
  $ ampel inspect ALERTS.tar.gz                 a line for each alert, and counts
  $ ampel inspect night/ one.avro --json        one JSON object a line
  $ ampel inspect night/ --json | head -1       the first alert
  $ ampel inspect message.avro --schemas lsst/  a message of LSST that names its schema by number

A PATH is an Avro container, a tar or tar.gz of such, or a folder; what it is is told by its content. What cannot be
read is told on stderr, and the exit status is 2 then. The state is the one that the alert alone leads to.`;

/** `ampel inspect`: what is in alerts, without a server. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Read alerts and print their identities, measurements and state')
    .argument('<path...>', 'files, archives or folders with alerts')
    .addOption(schemasOption())
    .option('--json', 'print one JSON object for each alert')
    .addHelpText('after', EXAMPLES)
    .action(inspect);
}

interface Flags {
  readonly schemas?: string;
  readonly json?: boolean;
}

async function inspect(paths: string[], { json = false, schemas }: Flags): Promise<void> {
  const summary = new InspectSummary();
  let printed = 0;
  let nameWidth = 0;
  const options = { showsProgress: !process.stdout.isTTY, ...(schemas !== undefined && { schemas }) };
  const counts = await readAlerts(paths, options, async (packet, survey) => {
    const alert = inspectedAlert(survey.readAlert(packet), survey);
    if (json) return printLine(alert);
    if (printed++ === 0) {
      nameWidth = alert.objectId.length;
      await printText(inspectHeading(nameWidth));
    }
    summary.add(alert);
    await printText(inspectRow(alert, nameWidth));
  });
  if (!json) await printText(`${printed === 0 ? '' : '\n'}${summary.text(counts)}`);
  requireAllRead(counts);
}
