import { Command, InvalidArgumentError } from 'commander';
import { jdOfUnixMs, nightOfJd } from '../model/julian-date.js';
import { objectSummaries, type ObjectSelection, type ObjectSummary } from '../store/object-summaries.js';
import type { Store } from '../store/store.js';
import type { ServiceAddresses } from '../worker/services.js';
import { printLine, printText } from './json-lines.js';
import { storedChannel } from './stored-object.js';
import { asSeenBy } from './seen-objects.js';
import { table, type Cell } from './table.js';
import { openTransientStages } from './transient-stages.js';
import { withStore } from './with-services.js';

interface TransientListFlags {
  readonly channel?: string;
  readonly night?: NonNullable<ObjectSelection['time']>;
  readonly limit: number;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  $ ampel transient list                                      the objects seen last
  $ ampel transient list --channel HU_RAPID --night 2018-08-19
  $ ampel transient list --limit 100000 --json                one JSON object a line

An object is listed once a channel has accepted an alert of it. A night is a UT date. The stage is that of its workflow:
following, failed unit, cannot decide; quiet where it has closed until the next alert.`;

const DEFAULT_LIMIT = 100;
/** So many objects' stages are asked for in one go. */
const CHUNK = 100;

/** `ampel transient list`: the objects that channels follow. */
export function transientListCommand(): Command {
  return new Command('list')
    .description('List the objects that channels follow, the last seen first')
    .option('--channel <name>', 'only objects of which this channel has accepted an alert')
    .option('--night <YYYY-MM-DD>', 'only objects with an alert in this night (UT)', parseNight)
    .option('--limit <number>', 'how many at most', parseLimit, DEFAULT_LIMIT)
    .option('--json', 'print one JSON object for each')
    .addHelpText('after', EXAMPLES)
    .action((flags: TransientListFlags) => withStore((store, addresses) => transientList(store, addresses, flags)));
}

async function transientList(
  store: Store,
  addresses: ServiceAddresses,
  { channel, night, limit, json }: TransientListFlags,
): Promise<void> {
  const own = channel === undefined ? undefined : await storedChannel(store, channel);
  const selection = { ...(channel !== undefined && { channel }), ...(night !== undefined && { time: night }) };
  const stages = await openTransientStages(addresses);
  const rows: Cell[][] = [];
  let found = 0;
  try {
    // One more than asked for tells whether there are more.
    for await (const summaries of chunksOf(objectSummaries(store, { ...selection, limit: limit + 1 }))) {
      const shown = summaries.slice(0, limit - found);
      const objects = (own === undefined ? shown : await asSeenBy(store, own, shown)).map(listed);
      found += summaries.length;
      const stageOf = await stages.of(objects.map(({ name }) => name));
      for (const object of objects) {
        const stage = stageOf.get(object.name);
        if (json === true) await printLine({ ...object, ...(stage !== undefined && { stage }) });
        else rows.push([...rowOf(object), stage]);
      }
    }
  } finally {
    await stages.close();
  }
  if (rows.length > 0) await printText(table(HEAD, rows));
  if (found > limit) process.stderr.write(`There are more: these are the first ${limit}, see --limit.\n`);
  if (found === 0) process.stderr.write('No object.\n');
}

async function* chunksOf(summaries: AsyncIterable<ObjectSummary>): AsyncGenerator<ObjectSummary[]> {
  let chunk: ObjectSummary[] = [];
  for await (const summary of summaries) {
    if (chunk.push(summary) < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

interface ListedObject {
  readonly name: string;
  readonly stock: string;
  readonly ra: number;
  readonly dec: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly firstSeenJd: number;
  readonly lastSeenJd: number;
  readonly channels: readonly string[];
  readonly alerts: number;
  readonly states: number;
  readonly results: number;
  readonly failed: number;
  readonly reactions: number;
}

function listed({ stock, ...counts }: ObjectSummary): ListedObject {
  const { _id, names, position, firstSeenJd, lastSeenJd, follows, channels } = stock;
  return {
    ...{ name: names[0] ?? _id, stock: _id, ra: position.ra, dec: position.dec },
    ...{ firstSeen: nightOfJd(firstSeenJd), lastSeen: nightOfJd(lastSeenJd), firstSeenJd, lastSeenJd },
    channels: Object.keys({ ...follows, ...channels }).sort(),
    ...counts,
  };
}

const HEAD = [
  ...[
    'object',
    'ra (deg)',
    'dec (deg)',
    'first seen',
    'last seen',
    'alerts',
    'states',
    'results',
    'reactions',
    'stage',
  ],
];

function rowOf({ name, ra, dec, firstSeen, lastSeen, ...counts }: ListedObject): Cell[] {
  const { alerts, states, results, reactions } = counts;
  const place = [ra.toFixed(5).padStart(9), dec.toFixed(5).padStart(9)];
  return [name, ...place, firstSeen, lastSeen, alerts, states, results, reactions];
}

function parseNight(text: string): NonNullable<ObjectSelection['time']> {
  const startMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  const fromJd = jdOfUnixMs(startMs);
  // February 30 would be March 2.
  if (Number.isNaN(startMs) || nightOfJd(fromJd) !== text) {
    throw new InvalidArgumentError('Expected a date, such as 2018-08-19.');
  }
  return { fromJd, toJd: fromJd + 1 };
}

function parseLimit(text: string): number {
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit > 0) return limit;
  throw new InvalidArgumentError('Expected a number of objects, such as 100.');
}
