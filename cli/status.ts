import { Command } from 'commander';
import { serverStatus } from '../servers/server-status.js';
import { serverJsonLines, serverLines } from './server-lines.js';

interface StatusFlags {
  readonly dataDir?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel status          both servers: running, stopped, or external (named in the environment)
  $ ampel status --json   the same, one JSON object a line`;

/** `ampel status`: which servers run, and where. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show whether the servers run, where they are reached and where their data are')
    .option('--data-dir <folder>', 'folder of the data instead of AMPEL_HOME')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(status);
}

async function status(flags: StatusFlags): Promise<void> {
  const servers = await serverStatus(flags);
  console.log(flags.json === true ? serverJsonLines(servers) : serverLines(servers));
}
