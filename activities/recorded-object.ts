import type { Datapoint } from '../model/datapoint.js';
import { datapointKeys, type StateDocument, type StockDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Acceptance, RecordedObject } from './object-tasks.js';

/** Which of an object's states are asked for: those that these channels saw in this time (Julian dates, `toJd` exclusive). */
export interface StateRange {
  /** Names. */
  readonly channels: readonly string[];
  readonly fromJd?: number;
  readonly toJd?: number;
}

/** The objects that have such states; with their earlier states, too, which a later one may build on. */
export async function readRecorded(
  store: Store,
  stocks: readonly StockDocument[],
  { channels, fromJd = -Infinity, toJd = Infinity }: StateRange,
): Promise<RecordedObject[]> {
  const ids = stocks.map(({ _id }) => _id);
  const found = await store.states
    .find({ stock: { $in: ids }, channels: { $in: [...channels] }, jd: { $lt: toJd } })
    .toArray();
  const states = byStock(found.sort(inTime));
  const asked = stocks.filter(({ _id }) => states.get(_id)?.some(({ jd }) => jd >= fromJd));
  if (asked.length === 0) return [];
  const [acceptances, candidates, datapoints] = await Promise.all([
    readAcceptances(store, asked, channels),
    readFirstCandidates(store, asked, channels),
    readDatapoints(store, asked, states),
  ]);
  return asked.map((stock) => ({
    ...{ stock, states: states.get(stock._id) ?? [], acceptances: acceptances.get(stock._id) ?? [], datapoints },
    firstAccepted: new Map(
      channels.flatMap((name) => {
        const candidate = candidates.get(firstAlertKey(stock, name) ?? '');
        return candidate === undefined ? [] : [[name, candidate]];
      }),
    ),
  }));
}

async function readAcceptances(
  store: Store,
  stocks: readonly StockDocument[],
  channels: readonly string[],
): Promise<Map<string, Acceptance[]>> {
  const of = { stock: { $in: stocks.map(({ _id }) => _id) }, channel: { $in: [...channels] } };
  const found = await store.journal
    .find({ ...of, tier: 't0', outcome: 'accepted' })
    .sort({ sequence: 1 })
    .project<Acceptance>({ stock: 1, channel: 1, alertId: 1, sequence: 1, link: 1, group: 1 })
    .toArray();
  return byStock(found);
}

/** Ids of the candidates of the channels' first accepted alerts, by the alerts' `_id`. */
async function readFirstCandidates(
  store: Store,
  stocks: readonly StockDocument[],
  channels: readonly string[],
): Promise<Map<string, string>> {
  const keys = stocks.flatMap((stock) => channels.flatMap((name) => firstAlertKey(stock, name) ?? []));
  const found = await store.alerts
    .find({ _id: { $in: keys } })
    .project<{ _id: string; datapoints: string[] }>({ datapoints: { $slice: 1 } })
    .toArray();
  return new Map(found.flatMap(({ _id, datapoints: [candidate] }) => (candidate ? [[_id, candidate]] : [])));
}

function firstAlertKey({ survey, channels }: StockDocument, name: string): string | undefined {
  const first = channels?.[name]?.firstAlertId;
  return first === undefined ? undefined : `${survey}:${first}`;
}

/** Without their bodies: which results there should be does not depend on them. */
async function readDatapoints(
  store: Store,
  stocks: readonly StockDocument[],
  states: ReadonlyMap<string, readonly StateDocument[]>,
): Promise<Map<string, Datapoint>> {
  const keys = stocks.flatMap(({ _id, survey }) => {
    return (states.get(_id) ?? []).flatMap((state) => datapointKeys(state, survey));
  });
  const found = await store.datapoints
    .find({ _id: { $in: [...new Set(keys)] } })
    .project<Omit<Datapoint, 'body'> & { _id: string }>({ id: 1, kind: 1, jd: 1, band: 1, tags: 1 })
    .toArray();
  return new Map(found.map(({ _id, ...point }) => [_id, { ...point, body: {} }]));
}

function inTime(a: StateDocument, b: StateDocument): number {
  return a.jd - b.jd || a.datapoints.length - b.datapoints.length || (a.link < b.link ? -1 : 1);
}

function byStock<Document extends { readonly stock: string }>(documents: readonly Document[]): Map<string, Document[]> {
  const grouped = new Map<string, Document[]>();
  for (const document of documents) {
    const known = grouped.get(document.stock);
    if (known === undefined) grouped.set(document.stock, [document]);
    else known.push(document);
  }
  return grouped;
}
