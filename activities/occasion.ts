import type { ReactionRule } from '../model/channel.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactActivities } from '../model/transient.js';
import { datapointOf, RESULT_CODE, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel, ReadyUnit } from './channel-revisions.js';
import { inTime } from './combine.js';

type Request = Parameters<ReactActivities['react']>[0];

/** What is known of the object when a reaction tells of it. Throws where the state is not in the store. */
export async function occasionOf(
  store: Store,
  { survey, stock, objectId, deadline }: Request,
  ready: ReadyChannel,
  rule: ReactionRule,
): Promise<Occasion> {
  const { ref, channel } = ready;
  const [state, stockDocument, results] = await Promise.all([
    store.states.findOne({ _id: `${stock}:${deadline.link}` }),
    store.stocks.findOne({ _id: stock }),
    store.results.find({ stock, link: deadline.link, channels: channel.name, code: RESULT_CODE.ok }).toArray(),
  ]);
  if (state === null || stockDocument === null)
    throw new Error(`${ref}: state ${stock}:${deadline.link} is not in the store`);
  const found = await store.datapoints
    .find({ _id: { $in: state.datapoints.map((id) => `${survey}:${id}`) } })
    .toArray();
  return {
    ...{ key: deadline.key, channel: channel.name, rule: deadline.rule, objectId, stock },
    ...{ position: stockDocument.position, dueJd: deadline.dueJd, alertId: deadline.alertId },
    state: { link: deadline.link, datapoints: inTime(found.map(datapointOf)) },
    results: Object.fromEntries(
      results.filter((result) => belongs(result, ready, rule)).map(({ unit, body }) => [unit, body]),
    ),
  };
}

/**
 * A reaction without a wait tells what was known when it was set off: whether the result of a heavy unit is there a moment
 * later is chance. One that has waited tells everything. Either way only results of the channel's own revision count.
 */
function belongs(result: ResultDocument, { units }: ReadyChannel, { when, afterDays }: ReactionRule): boolean {
  const { unit, version, configHash } = result;
  const isSame = ({ use }: ReadyUnit): boolean =>
    use.unit === unit && use.version === version && use.configHash === configHash;
  const own = units.find(isSame);
  if (own === undefined) return false;
  const isTrigger = typeof when === 'object' && when.result === result.unit;
  return afterDays > 0 || isTrigger || own.cost === 'light';
}
