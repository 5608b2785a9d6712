import type { PeriodicRule } from '../model/channel.js';
import type { StateDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Candidate } from './selected-object.js';
import type { WantedOfStates } from './state-view.js';

/** What a run asks the store for. */
export interface CandidateQuery {
  readonly channel: string;
  readonly rule: PeriodicRule;
  /** Event time at which the run is due (Julian date). */
  readonly dueJd: number;
  /** When the rule has run before; undefined at its first run. */
  readonly lastDueJd?: number;
  readonly wanted: WantedOfStates;
}

/** So many objects are looked at together. */
const BATCH = 500;
/** Alerts come late, and results later: a run looks back so far behind the one before, at what that has not told of. */
const LATE_DAYS = 7;

/**
 * The objects of a channel that a run could be about, each by its newest state that was accepted in time, from the newest back,
 * some at a time.
 */
export async function* candidates(store: Store, query: CandidateQuery): AsyncGenerator<Candidate[]> {
  const { channel, rule, dueJd, lastDueJd = dueJd, wanted } = query;
  const { acceptedDays } = rule.select;
  const fromJd = acceptedDays === undefined ? lastDueJd - LATE_DAYS : dueJd - acceptedDays;
  const states = store.states
    .find({ channels: channel, jd: { $gt: fromJd, $lte: dueJd } })
    .project<StateDocument>({ channels: 0, ...(!wanted.points && { matched: 0 }) })
    .sort({ jd: -1 });
  const seen = new Set<string>();
  let batch: StateDocument[] = [];
  for await (const state of states) {
    if (seen.has(state.stock)) continue;
    seen.add(state.stock);
    batch.push(state);
    if (batch.length < BATCH) continue;
    yield await withObjects(store, query, batch);
    batch = [];
  }
  if (batch.length > 0) yield await withObjects(store, query, batch);
}

/** Of those that the rule may tell of, what is known of the object besides the state. */
async function withObjects(
  store: Store,
  query: CandidateQuery,
  states: readonly StateDocument[],
): Promise<Candidate[]> {
  const { channel, rule, dueJd } = query;
  const { acceptedDays, newDays, tags } = rule.select;
  const toldJds = acceptedDays === undefined ? await toldOf(store, query, states) : new Map<string, number>();
  const open = states.filter(({ stock, jd }) => jd > (toldJds.get(stock) ?? Number.NEGATIVE_INFINITY));
  const stocks = await store.stocks
    .find({
      _id: { $in: open.map(({ stock }) => stock) },
      ...(tags?.with && { tags: { $all: [...tags.with] } }),
      ...(tags?.without && { $nor: [{ tags: { $in: [...tags.without] } }] }),
    })
    .project<{ _id: string; survey: string; channels?: Record<string, { firstJd: number }> }>({
      ...{ survey: 1, [`channels.${channel}`]: 1 },
    })
    .toArray();
  const known = new Map(stocks.map((stock) => [stock._id, stock]));
  return open.flatMap((state) => {
    const stock = known.get(state.stock);
    const firstAcceptedJd = stock?.channels?.[channel]?.firstJd;
    if (stock === undefined || firstAcceptedJd === undefined) return [];
    if (newDays !== undefined && firstAcceptedJd <= dueJd - newDays) return [];
    return [{ ...state, survey: stock.survey, firstAcceptedJd }];
  });
}

/** By object: event time of the newest state that earlier runs of the rule have told of. */
async function toldOf(
  store: Store,
  { channel, rule, dueJd }: CandidateQuery,
  states: readonly StateDocument[],
): Promise<ReadonlyMap<string, number>> {
  const stocks = states.map(({ stock }) => stock);
  const told = store.runObjects
    .find({ channel, rule: rule.name, stock: { $in: stocks }, dueJd: { $lt: dueJd } })
    .project<{ stock: string; jd: number }>({ stock: 1, jd: 1 });
  const newest = new Map<string, number>();
  for await (const { stock, jd } of told) newest.set(stock, Math.max(jd, newest.get(stock) ?? jd));
  return newest;
}
