import type { Json } from '../model/canonical-json.js';
import type { Datapoint } from '../model/datapoint.js';
import { stateFacts } from '../model/state-facts.js';
import {
  datapointKeys,
  datapointOf,
  RESULT_CODE,
  type ResultDocument,
  type StateDocument,
} from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { KnownResults } from '../units/expression/result-expression.js';
import type { ReadyChannel } from './channel-revisions.js';
import { inTime } from './combine.js';
import { isComputation, isOfView } from './t2-work.js';

/** A state and what the units of a channel's revision have found of it. */
export interface StateView {
  /** In order of time. */
  readonly datapoints: readonly Datapoint[];
  /** Of several datapoints that of the latest comes last. */
  readonly results: readonly ResultDocument[];
}

interface StatePlace {
  readonly survey: string;
  readonly stock: string;
  readonly link: string;
}

/** Reads a state as a channel may see it. Throws where the state is not in the store. */
export async function readStateView(
  store: Store,
  { survey, stock, link }: StatePlace,
  ready: ReadyChannel,
): Promise<StateView> {
  const state = await store.states.findOne({ _id: `${stock}:${link}` });
  if (state === null) throw new Error(`${ready.ref}: state ${stock}:${link} is not in the store`);
  const views = await readStateViews(store, [{ ...state, survey }], ready, { points: true });
  return views.get(state._id) ?? { datapoints: [], results: [] };
}

/** A stored state with the survey of its object. */
export type StateToView = Pick<StateDocument, '_id' | 'stock' | 'link' | 'datapoints' | 'matched'> & {
  readonly survey: string;
};

/** What of states is wanted: datapoints or none, results of these units or of all. */
export interface WantedOfStates {
  readonly points: boolean;
  readonly units?: readonly string[];
}

/** Reads many states, as a channel may see them, at the price of few; by id of the state. */
export async function readStateViews(
  store: Store,
  states: readonly StateToView[],
  ready: ReadyChannel,
  wanted: WantedOfStates,
): Promise<ReadonlyMap<string, StateView>> {
  const [points, results] = await Promise.all([
    wanted.points ? readPoints(store, states) : new Map<string, Datapoint>(),
    readResults(store, states, ready, wanted.units),
  ]);
  return new Map(
    states.map((state) => {
      const datapoints = inTime(datapointKeys(state, state.survey).flatMap((key) => points.get(key) ?? []));
      const links = new Set([state.link, state.stock, ...state.datapoints]);
      const own = (results.get(state.stock) ?? []).filter(({ link }) => links.has(link));
      return [state._id, { datapoints, results: inOrder(own, datapoints) }];
    }),
  );
}

async function readPoints(store: Store, states: readonly StateToView[]): Promise<Map<string, Datapoint>> {
  const keys = [...new Set(states.flatMap((state) => datapointKeys(state, state.survey)))];
  const found = await store.datapoints.find({ _id: { $in: keys } }).toArray();
  return new Map(found.map((document) => [document._id, datapointOf(document)]));
}

async function readResults(
  store: Store,
  states: readonly StateToView[],
  ready: ReadyChannel,
  units: readonly string[] | undefined,
): Promise<Map<string, ResultDocument[]>> {
  if (units?.length === 0 || states.length === 0) return new Map();
  const hasPoints = ready.units.some(
    ({ kind, use }) => kind === 'datapoint' && (units === undefined || units.includes(use.unit)),
  );
  const found = store.results.find({
    $or: states.map(({ stock, link, datapoints }) => ({
      stock,
      link: { $in: [link, stock, ...(hasPoints ? datapoints : [])] },
    })),
    ...{ channels: ready.channel.name, code: RESULT_CODE.ok },
    ...(units !== undefined && { unit: { $in: [...units] } }),
  });
  const byStock = new Map<string, ResultDocument[]>();
  for await (const result of found) {
    if (!isOwn(result, ready)) continue;
    const own = byStock.get(result.stock);
    if (own === undefined) byStock.set(result.stock, [result]);
    else own.push(result);
  }
  return byStock;
}

/** Results by name of their unit: of several datapoints that of the latest. */
export function resultsByUnit(
  results: readonly Pick<ResultDocument, 'unit' | 'body'>[],
): Readonly<Record<string, Json>> {
  return Object.fromEntries(results.map(({ unit, body }) => [unit, body]));
}

/** What the conditions of rules are judged on. */
export function knownResults({ datapoints, results }: StateView): KnownResults {
  return { results: resultsByUnit(results), state: stateFacts(datapoints) };
}

/** Sorted so that of several datapoints the latest comes last. */
export function inOrder<Result extends Pick<ResultDocument, 'link'>>(
  results: readonly Result[],
  datapoints: readonly Datapoint[],
): Result[] {
  const order = new Map(datapoints.map(({ id }, index) => [id, index]));
  return results.toSorted((a, b) => (order.get(a.link) ?? -1) - (order.get(b.link) ?? -1));
}

/** Only results of the channel's own revision count. */
function isOwn(result: ResultDocument, { units, channel }: ReadyChannel): boolean {
  if (!units.some(({ use }) => isComputation(result, use))) return false;
  // What an earlier revision with other data rights was given of the object.
  return result.kind !== 'stock' || isOfView(result, channel);
}
