import { Command } from 'commander';
import { readObjectStory } from '../store/object-story.js';
import { receiptRejections } from '../store/receipt-rejections.js';
import type { Store } from '../store/store.js';
import type { ServiceAddresses } from '../worker/services.js';
import { viewOf } from './channel-view.js';
import { printLine, printText } from './json-lines.js';
import { objectDecisions, registeredMeanings } from './object-decisions.js';
import { requireStock, storedChannel } from './stored-object.js';
import { transientText, type ToldTransient } from './transient-text.js';
import { transientWorkflow } from './transient-workflow.js';
import { withStore } from './with-services.js';

const EXAMPLES = `
Examples:
  $ ampel transient show ZTF18abxhyqv
  $ ampel transient show ZTF18abxhyqv --channel HU_RAPID   what this channel may see, and what it did
  $ ampel transient show ZTF18abxhyqv --json               one JSON object with all that is stored

Without --channel it shows what all channels together know, private data included: that is for the on-call, and not to be
passed on.`;

/** `ampel transient show NAME`: everything known of an object. */
export function transientShowCommand(): Command {
  return new Command('show')
    .description('Show all that is known of an object: light curve, states, results, reactions, decisions, workflow')
    .argument('<name>', 'an object, such as ZTF18abxhyqv, or its stock id')
    .option('--channel <name>', 'only what this channel may see and did')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((name: string, flags: ShowFlags) =>
      withStore((store, addresses) => transientShow(store, addresses, name, flags)),
    );
}

interface ShowFlags {
  readonly channel?: string;
  readonly json?: boolean;
}

async function transientShow(
  store: Store,
  addresses: ServiceAddresses,
  name: string,
  { json = false, channel: channelName }: ShowFlags,
): Promise<void> {
  const channel = channelName === undefined ? undefined : await storedChannel(store, channelName);
  const stock = await requireStock(store, name);
  const objectId = stock.names[0] ?? name;
  const [whole, rejections, workflow] = await Promise.all([
    readObjectStory(store, stock),
    receiptRejections(store, objectId, channelName),
    // It tells what the object's other channels are at.
    channel === undefined ? transientWorkflow(addresses, objectId) : undefined,
  ]);
  const story = channel === undefined ? whole : await viewOf(store, whole, channel);
  const decisions = await objectDecisions(store, story, rejections, channelName);
  const told = { story, decisions, workflow };
  if (json) await printLine(transientJson(told));
  else await printText(transientText(told, await registeredMeanings()));
}

function transientJson({ story, decisions, workflow }: ToldTransient): object {
  const { _id, names, survey, position, firstSeenJd, lastSeenJd, tags, follows = {}, channels = {} } = story.stock;
  return {
    ...{ name: names[0] ?? _id, names, stock: _id, survey, position, firstSeenJd, lastSeenJd, tags },
    channels: Object.keys({ ...follows, ...channels }).sort(),
    firstAccepted: channels,
    datapoints: story.datapoints.map(keyed),
    alerts: story.alerts.map(keyed),
    states: story.states.map(keyed),
    results: story.results.map(keyed),
    decisions,
    reactions: story.reactions.map(keyed),
    ...(workflow && { workflow }),
  };
}

/** With the data base's id under a name that says what it is for. */
function keyed({ _id: key, ...document }: { readonly _id: string }): object {
  return { key, ...document };
}
