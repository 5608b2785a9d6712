import { ScheduleNotFoundError } from '@temporalio/client';
import { userInfo } from 'node:os';
import { Command } from 'commander';
import { workflowId } from '../model/workflow-names.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { requireRule } from './periodic-rule.js';
import { withServices } from './with-services.js';

interface Flags {
  readonly who: string;
  readonly why?: string;
  readonly json?: boolean;
}

const EXAMPLES = {
  pause: `
What is due meanwhile is not run; "ampel schedule backfill" makes up for it.

Examples:
  $ ampel schedule pause HU_RAPID/morning --why "the list moves to another server"`,
  resume: `
Examples:
  $ ampel schedule resume HU_RAPID/morning`,
} as const;

/** `ampel schedule pause|resume CHANNEL/RULE`: one rule of a channel, which itself goes on. */
export function scheduleTurnCommand(verb: 'pause' | 'resume'): Command {
  return new Command(verb)
    .description(verb === 'pause' ? 'Run a periodic rule no more, until it is resumed' : 'Run a periodic rule again')
    .argument('<rule>', 'channel and rule, see "ampel schedule list"')
    .option('--who <name>', 'who asks, for the record', userInfo().username)
    .option('--why <text>', 'for the record')
    .option('--json', 'print {name, state}')
    .addHelpText('after', EXAMPLES[verb])
    .action((name: string, { who, why = '', json = false }: Flags) =>
      withServices(async ({ client, store }) => {
        const { channel, rule } = await requireRule(store, name);
        const handle = client.schedule.getHandle(workflowId.reaction(channel, rule.name));
        const note = [who, why.trim()].filter((part) => part !== '').join(': ');
        try {
          await (verb === 'pause' ? handle.pause(note) : handle.unpause(note));
        } catch (error) {
          if (!(error instanceof ScheduleNotFoundError)) throw error;
          throw new CliError(
            `${name} has no schedule`,
            1,
            `Is the channel paused, or its workflow gone? ampel channel show ${channel}`,
          );
        }
        const state = verb === 'pause' ? 'paused' : 'active';
        if (json) await printLine({ name, state });
        else await printText(`${name} is ${state}`);
      }),
    );
}
