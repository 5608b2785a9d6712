import { Command } from 'commander';
import { objectsFollowed } from '../store/channel-counts.js';
import type { Store } from '../store/store.js';
import { printLine, printText } from './json-lines.js';
import { table } from './table.js';
import { minuteText } from './utc-text.js';
import { withStore } from './with-services.js';

const EXAMPLES = `
Examples:
  $ ampel channel list
  $ ampel channel list --json   {"name":"HU_RAPID","version":"1.0.0","hash":"…","state":"active","streams":["ztf"],…}`;

/** `ampel channel list`: the channels that were ever started here. */
export function channelListCommand(): Command {
  return new Command('list')
    .description('List the channels that were started, with their state')
    .option('--json', 'print {name, version, hash, state, streams, objects, since} for each')
    .addHelpText('after', EXAMPLES)
    .action(({ json = false }: { readonly json?: boolean }) => withStore((store) => channelList(store, json)));
}

async function channelList(store: Store, json: boolean): Promise<void> {
  const channels = await store.channels.find().sort({ _id: 1 }).toArray();
  const rows = await Promise.all(
    channels.map(async ({ _id: name, hash, state, streams, because, at }) => {
      const [config, objects] = await Promise.all([store.configs.findOne({ _id: hash }), objectsFollowed(store, name)]);
      return {
        name,
        version: config?.channel.version,
        hash,
        state,
        streams,
        objects,
        since: at,
        ...(because !== undefined && { because }),
      };
    }),
  );
  if (json) for (const row of rows) await printLine(row);
  else if (rows.length === 0) process.stderr.write('There are no channels. Start one: ampel channel start FILE\n');
  else {
    const cells = rows.map(({ name, version, hash, state, streams, objects, since }) => [
      ...[name, version, hash.slice(0, 12), streams.join(', '), objects, state, minuteText(since)],
    ]);
    await printText(table(['channel', 'version', 'revision', 'reads', 'objects', 'state', 'since (UTC)'], cells));
  }
}
