import { Command } from 'commander';
import { printLine, printText } from './json-lines.js';
import { readStreams, type ShownStream } from './shown-stream.js';
import { doingText } from './stream-text.js';
import { table } from './table.js';
import { minuteText } from './utc-text.js';
import { withServices } from './with-services.js';

const EXAMPLES = `
Position is the number of alerts that were read and have had all their effects; the clock is the newest alert's own.

Examples:
  $ ampel stream list
  $ ampel stream list --json   {"name":"july","state":"running","doing":"reading","position":12000,"forwarded":310,…}`;

/** `ampel stream list`: the streams that were ever started here. */
export function streamListCommand(): Command {
  return new Command('list')
    .description('List the streams that were started, with their state and position')
    .option('--json', 'print one JSON object for each stream')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false }: { readonly json?: boolean }) =>
      withServices(async (services) => {
        const streams = await readStreams(services);
        if (json) for (const shown of streams) await printLine(shown);
        else if (streams.length === 0)
          process.stderr.write('There are no streams. Start one: ampel stream start NAME --from PATH\n');
        else await printText(streamTable(streams));
      }),
    );
}

function streamTable(streams: readonly ShownStream[]): string {
  const rows = streams.map((shown) => {
    const { name, survey, position, lag, forwarded, unreadable, clock, state } = shown;
    const date = clock === undefined ? '' : minuteText(new Date(clock));
    return [name, survey, position, lag, forwarded, unreadable, date, state, doingText(shown)];
  });
  return table(
    ['stream', 'survey', 'position', 'lag', 'forwarded', 'unreadable', 'clock (UTC)', 'state', 'doing'],
    rows,
  );
}
