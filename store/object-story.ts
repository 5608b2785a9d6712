import * as doc from './documents.js';
import type { Store } from './store.js';

/** All that is stored of one object. */
export interface ObjectStory {
  readonly stock: doc.StockDocument;
  /** In order of time, as the alerts; with those of objects of other surveys that its states hold. */
  readonly datapoints: readonly doc.DatapointDocument[];
  readonly alerts: readonly doc.AlertDocument[];
  readonly states: readonly doc.StateDocument[];
  readonly results: readonly doc.ResultDocument[];
  readonly reactions: readonly doc.ObjectReaction[];
  readonly journal: readonly doc.JournalDocument[];
}

/** The object of a name, or of a stock id. Undefined where no channel has accepted any alert of it. */
export async function findStock(store: Store, name: string): Promise<doc.StockDocument | undefined> {
  return (await store.stocks.findOne({ $or: [{ names: name }, { _id: name }] })) ?? undefined;
}

/** Reads everything of an object. */
export async function readObjectStory(store: Store, stock: doc.StockDocument): Promise<ObjectStory> {
  const objects = { $in: [...stock.names] };
  const own = { stock: stock._id };
  const [datapoints, alerts, states, results, reactions, journal] = await Promise.all([
    store.datapoints.find({ objects, survey: stock.survey }).sort({ jd: 1, _id: 1 }).toArray(),
    store.alerts.find({ objectId: objects }).sort({ jd: 1, _id: 1 }).toArray(),
    store.states.find(own).sort({ jd: 1, _id: 1 }).toArray(),
    store.results.find(own).sort({ unit: 1, link: 1, _id: 1 }).toArray(),
    store.reactions.find(own).sort({ dueJd: 1, _id: 1 }).toArray(),
    store.journal.find(own).toArray(),
  ]);
  const others = await matchedPoints(store, states);
  return {
    ...{ stock, datapoints: [...datapoints, ...others].sort((a, b) => a.jd - b.jd), alerts, states },
    ...{ results, reactions: reactions.filter((one) => doc.isOfObject(one)), journal },
  };
}

async function matchedPoints(store: Store, states: readonly doc.StateDocument[]): Promise<doc.DatapointDocument[]> {
  const matched = states.flatMap((state) => state.matched ?? []);
  const keys = new Set(matched.flatMap(({ survey, datapoints }) => datapoints.map((id) => `${survey}:${id}`)));
  if (keys.size === 0) return [];
  return await store.datapoints.find({ _id: { $in: [...keys] } }).toArray();
}
