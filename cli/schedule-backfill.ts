import { Command, Option } from 'commander';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { printLine, printText } from './json-lines.js';
import { requireRule } from './periodic-rule.js';
import { runTimesMs } from './run-times.js';
import { startRun } from './run-workflow.js';
import { toldText } from './told-text.js';
import { minuteText } from './utc-text.js';
import { utcTime } from './utc-time.js';
import { withServices } from './with-services.js';

interface Flags {
  readonly from: number;
  readonly to: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** More is a slip of the time rather than a wish. */
const MOST_RUNS = 5000;

const EXAMPLES = `
One run after the other, in order of time. Times that have had their run are left out, so that it can be stopped and begun again.

Examples:
  $ ampel schedule backfill HU_RAPID/morning --from 2021-07-01 --to 2021-07-08 --dry-run    when it would run
  $ ampel schedule backfill HU_RAPID/morning --from 2021-07-01 --to 2021-07-08`;

/** `ampel schedule backfill CHANNEL/RULE`: the runs that a time would have had. */
export function scheduleBackfillCommand(): Command {
  return new Command('backfill')
    .description('Run a periodic rule for all times that it would have run at')
    .argument('<rule>', 'channel and rule, see "ampel schedule list"')
    .addOption(new Option('--from <time>', 'the first time (UTC)').argParser(utcTime).makeOptionMandatory())
    .addOption(new Option('--to <time>', 'the last time (UTC)').argParser(utcTime).makeOptionMandatory())
    .option('--dry-run', 'only list the times')
    .option('--json', 'print one JSON object for each run')
    .addHelpText('after', EXAMPLES)
    .action((name: string, { from, to, dryRun = false, json = false }: Flags) =>
      withServices(async (services) => {
        if (to < from) throw new CliError('--to is before --from', 2);
        const known = await requireRule(services.store, name);
        const times = await runTimesMs(services, known, from, to);
        if (times.length > MOST_RUNS)
          throw new CliError(`That would be ${times.length} runs`, 2, `Expected ${MOST_RUNS} at most.`);
        if (times.length === 0) process.stderr.write('It would not have run in this time.\n');
        for (const dueMs of times) {
          const due = minuteText(new Date(dueMs));
          const { channel, channelHash, rule } = known;
          const handle = dryRun
            ? undefined
            : await startRun(services, { channel, channelHash, rule: rule.name, dueMs });
          const outcome = await handle?.result();
          const text =
            outcome === undefined
              ? dryRun
                ? ''
                : ': was run before'
              : `: ${counted(outcome.selected, 'object')}${toldText(outcome.told)}`;
          if (json) await printLine({ due: new Date(dueMs).toISOString(), ...outcome });
          else await printText(`${due}${text}`);
        }
      }),
    );
}
