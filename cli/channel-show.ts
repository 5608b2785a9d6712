import { Command } from 'commander';
import { stringify } from 'yaml';
import type { Channel, FilterUse, UnitUse } from '../model/channel.js';
import { workflowId } from '../model/workflow-names.js';
import { channelCounts, objectsFollowed, type ChannelCounts } from '../store/channel-counts.js';
import type { Store } from '../store/store.js';
import { loadRegistry } from '../units/registry.js';
import { whenText } from './channel-plan.js';
import { CliError } from './cli-error.js';
import { printLine, printText } from './json-lines.js';
import { reasonMeanings } from './reason-meanings.js';
import { table } from './table.js';
import { unknownName } from './unknown-name.js';
import { minuteText } from './utc-text.js';
import { withStore } from './with-services.js';
import { workflowUrl } from './workflow-url.js';

const EXAMPLES = `
An alert of an object that the channel follows already is decided on again and counts like any other. Revisions that
were active earlier are counted apart.

Examples:
  $ ampel channel show HU_RAPID
  $ ampel channel show HU_RAPID --json`;

interface ShownChannel {
  readonly name: string;
  readonly version: string;
  readonly hash: string;
  readonly state: string;
  /** Why it is paused, where no person has done it. */
  readonly because?: string;
  readonly since: Date;
  readonly objects: number;
  readonly accepted: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly earlier: readonly ChannelCounts[];
  readonly channel: Channel;
  readonly url?: string;
}

/** `ampel channel show NAME`: what a channel asks for and what came of it. */
export function channelShowCommand(): Command {
  return new Command('show')
    .description('Show a channel: definition, state, what it accepted and why it rejected the rest')
    .argument('<name>', 'a channel, see "ampel channel list"')
    .option('--json', 'print {name, version, hash, state, since, objects, accepted, rejected, earlier, channel}')
    .addHelpText('after', EXAMPLES)
    .action((name: string, { json = false }: { readonly json?: boolean }) =>
      withStore(async (store, addresses) => {
        const url = workflowUrl(addresses, workflowId.channel(name));
        const shown = { ...(await readChannel(store, name)), ...(url !== undefined && { url }) };
        if (json) await printLine(shown);
        else await printText(await textOf(shown));
      }),
    );
}

async function readChannel(store: Store, name: string): Promise<ShownChannel> {
  const [standing, counts, objects] = await Promise.all([
    store.channels.findOne({ _id: name }),
    channelCounts(store, name),
    objectsFollowed(store, name),
  ]);
  if (standing === null) {
    const known = await store.channels.find({}, { projection: { _id: 1 } }).toArray();
    throw unknownName(
      'channel',
      name,
      known.map(({ _id }) => _id),
      'ampel channel list',
    );
  }
  const { hash, state, because, at: since } = standing;
  const config = await store.configs.findOne({ _id: hash });
  if (config === null) throw new CliError(`The revision ${hash} of channel ${name} is not in the store`, 1);
  const { channel } = config;
  const { accepted = 0, rejected = {} } = counts.find((one) => one.hash === hash) ?? {};
  const earlier = counts.filter((one) => one.hash !== hash);
  const why = because === undefined ? {} : { because };
  return { name, version: channel.version, hash, state, ...why, since, objects, accepted, rejected, earlier, channel };
}

async function textOf(shown: ShownChannel): Promise<string> {
  const { name, version, hash, state, because, since, objects, accepted, rejected, earlier, channel, url } = shown;
  const facts = [
    `${name} ${version}: ${state} since ${minuteText(since)} UTC`,
    ...(because === undefined ? [] : [`  paused because ${because}`]),
    `  revision  ${hash}`,
    ...(url === undefined ? [] : [`  workflow  ${url}`]),
    `  objects   ${objects} accepted at least once`,
  ];
  const alerts = accepted + Object.values(rejected).reduce((sum, count) => sum + count, 0);
  const meanings = reasonMeanings(
    await loadRegistry(),
    Object.values(channel.t0).map(({ unit }) => unit),
  );
  const rows = [
    ['accepted', accepted, ''],
    ...Object.entries(rejected).map(([reason, count]) => [`rejected: ${reason}`, count, meanings[reason]]),
  ];
  const before = earlier.map((one) => {
    const sum = Object.values(one.rejected).reduce((total, count) => total + count, 0);
    return `Revision ${one.hash.slice(0, 12)} before: ${one.accepted} accepted, ${sum} rejected`;
  });
  const counts = alerts === 0 ? 'No alerts yet.' : table(['decision', 'alerts', 'meaning'], rows);
  return [facts.join('\n'), [counts, ...before].join('\n'), definitionText(channel)].join('\n\n');
}

/** As in a channel file, with what the file left to defaults. */
function definitionText(channel: Channel): string {
  const { description, contact, streams, access, maxPerNight, onStockMatch, t0, t1, t2, t3 } = channel;
  const use = ({ unit, version, config }: UnitUse): object => ({ unit: `${unit} ${version}`, config });
  const rules = t3.map((rule) => ({ name: rule.name, ...use(rule), when: whenText(rule) }));
  const about = { ...(description !== undefined && { description }), ...(contact !== undefined && { contact }) };
  const more = {
    ...(maxPerNight !== undefined && { cap: `${maxPerNight}/night` }),
    ...(onStockMatch !== undefined && { on_stock_match: onStockMatch }),
  };
  const filters = Object.fromEntries(Object.entries(t0).map(([survey, one]) => [survey, filterText(one)]));
  const parts = { stream: streams, access, ...more, t0: filters, ...(t1 && { t1 }), t2: t2.map(use), t3: rules };
  return stringify({ ...about, ...parts }, { lineWidth: 0 }).trimEnd();
}

function filterText({ unit, version, config, combine, filters = [], group }: FilterUse): object {
  const into = group === undefined ? {} : { group };
  if (combine === undefined) return { unit: `${unit} ${version}`, config, ...into };
  const inner = filters.map(filterText);
  return { [combine]: combine === 'not' ? inner[0] : inner, ...into };
}
