import { Command } from 'commander';
import { startBackground } from '../servers/background.js';
import { serverStatus } from '../servers/server-status.js';
import { searchAttributeTypes } from '../workflows/search-attributes.js';
import { portOption } from './port-option.js';
import { progressLine } from './progress-line.js';
import { serverJsonLines, serverLines } from './server-lines.js';

interface UpFlags {
  readonly temporalPort: number;
  readonly uiPort: number;
  readonly mongoPort: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel up                                    start both servers and leave them running
  $ ampel up --temporal-port 0 --mongo-port 0   on free ports; "ampel status" says which
  $ AMPEL_MONGODB_URI=mongodb://db:27017 ampel up
                                                start Temporal only and use that MongoDB

The first start fetches about 85 MB and keeps them in AMPEL_CACHE (~/.cache/ampel-temporal).
The data are kept in AMPEL_HOME (~/.local/share/ampel-temporal).`;

/** `ampel up`: Temporal's dev server and MongoDB in the background. */
export function upCommand(): Command {
  return new Command('up')
    .description('start Temporal and MongoDB on this machine and leave them running until "ampel down"')
    .addOption(portOption('--temporal-port', 'Temporal', 7233))
    .addOption(portOption('--ui-port', "Temporal's web UI", 8233))
    .addOption(portOption('--mongo-port', 'MongoDB', 27017))
    .option('--data-dir <folder>', 'folder for the data instead of AMPEL_HOME')
    .option('--json', 'print one JSON object a line')
    .addHelpText('after', EXAMPLES)
    .action(up);
}

async function up(flags: UpFlags): Promise<void> {
  const progress = progressLine();
  try {
    const onProgress = progress.report;
    const started = await startBackground({ ...flags, searchAttributes: searchAttributeTypes, onProgress });
    if (started.length === 0) onProgress({ message: 'Nothing to start: the servers run already.' });
  } finally {
    progress.end();
  }
  const servers = await serverStatus(flags);
  console.log(flags.json === true ? serverJsonLines(servers) : serverLines(servers));
}
