import type { Json } from '../model/canonical-json.js';
import type { Datapoint } from '../model/datapoint.js';
import { stateFacts } from '../model/state-facts.js';
import { datapointKeys, datapointOf, RESULT_CODE, type ResultDocument } from '../store/documents.js';
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
  const { ref, channel } = ready;
  const state = await store.states.findOne({ _id: `${stock}:${link}` });
  if (state === null) throw new Error(`${ref}: state ${stock}:${link} is not in the store`);
  const links = [link, stock, ...state.datapoints];
  const [found, results] = await Promise.all([
    store.datapoints.find({ _id: { $in: datapointKeys(state, survey) } }).toArray(),
    store.results.find({ stock, link: { $in: links }, channels: channel.name, code: RESULT_CODE.ok }).toArray(),
  ]);
  const datapoints = inTime(found.map(datapointOf));
  return {
    datapoints,
    results: inOrder(
      results.filter((result) => isOwn(result, ready)),
      datapoints,
    ),
  };
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
