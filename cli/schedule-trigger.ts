import { Command, Option } from 'commander';
import { counted } from './counted.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { requireRule } from './periodic-rule.js';
import { runWorkflowId, startRun } from './run-workflow.js';
import { toldText } from './told-text.js';
import { utcTime } from './utc-time.js';
import { withServices } from './with-services.js';

interface Flags {
  readonly at?: number;
  readonly wait?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
A run is about what is known at its time: of nights in an archive --at says that time. Each time has one run; what it has told is
not told again.

Examples:
  $ ampel schedule trigger HU_RAPID/morning --wait
  $ ampel schedule trigger HU_RAPID/morning --at 2021-07-05T12:00Z --wait`;

/** `ampel schedule trigger CHANNEL/RULE`: one more run, now or as of another time. */
export function scheduleTriggerCommand(): Command {
  return new Command('trigger')
    .description('Run a periodic rule now, or as of another time')
    .argument('<rule>', 'channel and rule, see "ampel schedule list"')
    .addOption(
      new Option('--at <time>', 'as of this time (UTC), such as 2021-07-05T12:00Z; default: now').argParser(utcTime),
    )
    .option('--wait', 'until it has ended')
    .option('--json', 'print {workflowId, …} and, with --wait, what it came to')
    .addHelpText('after', EXAMPLES)
    .action((name: string, { at, wait = false, json = false }: Flags) =>
      withServices(async (services) => {
        const { channel, channelHash, rule } = await requireRule(services.store, name);
        const dueMs = Math.floor((at ?? Date.now()) / 1000) * 1000;
        const run = { channel, channelHash, rule: rule.name, dueMs };
        const handle = await startRun(services, run);
        const id = runWorkflowId(run);
        if (handle === undefined) throw new CliError(`${name} was run for this time already: ${id}`, 1);
        const outcome = wait ? await handle.result() : undefined;
        if (json) await printLine({ workflowId: id, ...outcome });
        else if (outcome === undefined) await printText(`${id} is started`);
        else await printText(`${name}: ${counted(outcome.selected, 'object')}${toldText(outcome.told)}`);
      }),
    );
}
