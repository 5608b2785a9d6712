import type { Collection } from 'mongodb';
import { RESULT_CODE, type StockDocument } from './documents.js';
import type { Store } from './store.js';

/** An object with the numbers of what is stored of it. */
export interface ObjectSummary {
  readonly stock: StockDocument;
  readonly alerts: number;
  readonly states: number;
  readonly results: number;
  /** Computations that ended with an error. */
  readonly failed: number;
  readonly reactions: number;
}

export interface ObjectSelection {
  /** Only objects of which this channel has accepted an alert. */
  readonly channel?: string;
  /** Only objects with an alert in this time (Julian dates, the end excluded). */
  readonly time?: { readonly fromJd: number; readonly toJd: number };
  readonly limit: number;
}

/** So many objects are counted in one go. */
const CHUNK = 1_000;

/** Objects that channels follow, the last seen first. */
export async function* objectSummaries(store: Store, selection: ObjectSelection): AsyncGenerator<ObjectSummary> {
  let chunk: StockDocument[] = [];
  for await (const stock of store.stocks.aggregate<StockDocument>(stagesOf(selection))) {
    if (chunk.push(stock) < CHUNK) continue;
    yield* counted(store, chunk, selection.channel);
    chunk = [];
  }
  yield* counted(store, chunk, selection.channel);
}

function stagesOf({ channel, time, limit }: ObjectSelection): object[] {
  const accepted = channel === undefined ? ['follows', 'channels'] : [`follows.${channel}`, `channels.${channel}`];
  return [
    { $match: { $or: accepted.map((path) => ({ [path]: { $exists: true } })) } },
    ...(time === undefined ? [] : [{ $match: { firstSeenJd: { $lt: time.toJd }, lastSeenJd: { $gte: time.fromJd } } }]),
    { $sort: { lastSeenJd: -1, _id: 1 } },
    ...(time === undefined ? [] : alertInTime(time)),
    { $limit: limit },
  ];
}

/** Seen before and after a night is not seen in it. */
function alertInTime({ fromJd, toJd }: { readonly fromJd: number; readonly toJd: number }): object[] {
  const inTime = [{ $match: { jd: { $gte: fromJd, $lt: toJd } } }, { $limit: 1 }, { $project: { _id: 1 } }];
  return [
    { $lookup: { from: 'alerts', localField: 'names', foreignField: 'objectId', pipeline: inTime, as: 'inTime' } },
    { $match: { 'inTime.0': { $exists: true } } },
    { $project: { inTime: 0 } },
  ];
}

/** Of one channel: the alerts that it has decided on, and what is its own. */
async function* counted(
  store: Store,
  stocks: readonly StockDocument[],
  channel?: string,
): AsyncGenerator<ObjectSummary> {
  if (stocks.length === 0) return;
  const own = { stock: { $in: stocks.map(({ _id }) => _id) } };
  const names = stocks.flatMap((stock) => stock.names);
  const among = channel === undefined ? own : { ...own, channels: channel };
  const failure = { $nin: [RESULT_CODE.ok, RESULT_CODE.missingInfo] };
  const [alerts, states, results, failed, reactions] = await Promise.all([
    channel === undefined
      ? countBy(store.alerts, 'objectId', { objectId: { $in: names } })
      : countBy(store.journal, 'objectId', { ...own, tier: 't0', channel }),
    countBy(store.states, 'stock', among),
    countBy(store.results, 'stock', { ...among, code: RESULT_CODE.ok }),
    countBy(store.results, 'stock', { ...among, code: failure }),
    countBy(store.reactions, 'stock', { ...own, ...(channel !== undefined && { channel }) }),
  ]);
  for (const stock of stocks) {
    yield {
      stock,
      alerts: stock.names.reduce((sum, name) => sum + (alerts.get(name) ?? 0), 0),
      states: states.get(stock._id) ?? 0,
      results: results.get(stock._id) ?? 0,
      failed: failed.get(stock._id) ?? 0,
      reactions: reactions.get(stock._id) ?? 0,
    };
  }
}

/** What `countBy` needs of a collection, whatever its documents. */
type Countable = Pick<Collection, 'aggregate'>;

async function countBy(collection: Countable, key: string, filter: object): Promise<ReadonlyMap<string, number>> {
  const stages = [{ $match: filter }, { $group: { _id: `$${key}`, count: { $sum: 1 } } }];
  const groups = await collection.aggregate<{ readonly _id: string; readonly count: number }>(stages).toArray();
  return new Map(groups.map(({ _id, count }) => [_id, count]));
}
