import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { stopBackground } from '../servers/background.js';
import { dataFolder } from '../servers/environment.js';

interface DownFlags {
  readonly removeData?: boolean;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel down                 stop the servers; the data stay
  $ ampel down --remove-data   and remove all that was stored: alerts, results, histories`;

/** `ampel down`: the end of what `ampel up` started. */
export function downCommand(): Command {
  return new Command('down')
    .description('stop the servers that "ampel up" started')
    .option('--remove-data', 'remove their data too; this cannot be undone')
    .option('--data-dir <folder>', 'folder of the data instead of AMPEL_HOME')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(down);
}

async function down(flags: DownFlags): Promise<void> {
  const stopped = await stopBackground(flags);
  const folder = resolve(flags.dataDir ?? dataFolder());
  const dataRemoved = flags.removeData === true;
  if (stopped.length === 0) console.error('No servers were running.');
  if (flags.json === true) {
    console.log(JSON.stringify({ stopped, dataDir: folder, dataRemoved }));
    return;
  }
  for (const server of stopped) console.log(`${server} stopped`);
  if (dataRemoved) console.log(`data removed from ${folder}`);
  else if (existsSync(folder)) console.log(`data kept in ${folder}`);
}
