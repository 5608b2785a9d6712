import { Command } from 'commander';
import { workflowId } from '../model/workflow-names.js';
import { printLine, printText } from './json-lines.js';
import { readStream } from './shown-stream.js';
import { streamText } from './stream-text.js';
import { withServices } from './with-services.js';
import { workflowUrl } from './workflow-url.js';

const EXAMPLES = `
While it reads, the rate and what it is doing are those of its last heartbeat, a few seconds old at most.

Examples:
  $ ampel stream show july
  $ ampel stream show july --json`;

/** `ampel stream show NAME`: where a stream is, what it is doing and what went wrong. */
export function streamShowCommand(): Command {
  return new Command('show')
    .description('Show a stream: state, position, figures, what it is doing, the last failure')
    .argument('<name>', 'a stream, see "ampel stream list"')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((name: string, { json = false }: { readonly json?: boolean }) =>
      withServices(async (services) => {
        const shown = await readStream(services, name);
        const url = workflowUrl(services.addresses, workflowId.stream(name));
        if (json) await printLine({ ...shown, ...(url !== undefined && { url }) });
        else await printText(streamText(shown, url));
      }),
    );
}
