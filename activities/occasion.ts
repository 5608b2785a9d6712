import type { ReactionRule } from '../model/channel.js';
import { positionOf } from '../model/object-position.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactActivities } from '../model/transient.js';
import { datapointKeys, datapointOf, RESULT_CODE, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel } from './channel-revisions.js';
import { inTime } from './combine.js';
import { isComputation, isOfView } from './t2-work.js';

type Request = Parameters<ReactActivities['react']>[0];

/** What is known of the object when a reaction tells of it. Throws where the state is not in the store. */
export async function occasionOf(
  store: Store,
  { survey, stock, objectId, deadline }: Request,
  ready: ReadyChannel,
  rule: ReactionRule,
): Promise<Occasion> {
  const { ref, channel } = ready;
  const state = await store.states.findOne({ _id: `${stock}:${deadline.link}` });
  if (state === null) throw new Error(`${ref}: state ${stock}:${deadline.link} is not in the store`);
  const links = [deadline.link, stock, ...state.datapoints];
  const [found, results, told] = await Promise.all([
    store.datapoints.find({ _id: { $in: datapointKeys(state, survey) } }).toArray(),
    store.results.find({ stock, link: { $in: links }, channels: channel.name, code: RESULT_CODE.ok }).toArray(),
    store.reactions
      .find({ stock, channel: channel.name, unit: rule.unit, state: 'confirmed', _id: { $ne: deadline.key } })
      .sort({ at: 1 })
      .toArray(),
  ]);
  const datapoints = inTime(found.map(datapointOf));
  const position = positionOf(datapoints) ?? (await alertPosition(store, survey, deadline.alertId));
  // Of several datapoints the latest.
  const inOrder = new Map(datapoints.map(({ id }, index) => [id, index]));
  results.sort((a, b) => (inOrder.get(a.link) ?? -1) - (inOrder.get(b.link) ?? -1));
  return {
    ...{ key: deadline.key, channel: channel.name, rule: deadline.rule, objectId, stock },
    ...{ position, dueJd: deadline.dueJd, alertId: deadline.alertId },
    state: { link: deadline.link, datapoints },
    results: Object.fromEntries(
      results.filter((result) => belongs(result, ready, rule)).map(({ unit, body }) => [unit, body]),
    ),
    earlier: told.map(({ rule: name, answer }) => ({
      rule: name,
      ...(answer?.reference !== undefined && { reference: answer.reference }),
    })),
  };
}

/**
 * Of a state without detections: that of the alert, which the channel has accepted and so may see. The object's own may be
 * that of a point that it may not see.
 */
async function alertPosition(store: Store, survey: string, alertId: string): Promise<Occasion['position']> {
  const alert = await store.alerts.findOne({ _id: `${survey}:${alertId}` });
  const position = alert === null ? undefined : positionOf([{ body: alert.candidate }]);
  if (position === undefined) throw new Error(`alert ${survey}:${alertId} with its position is not in the store`);
  return position;
}

/**
 * A reaction without a wait tells what was known when it was set off: whether the result of a heavy unit is there a moment
 * later is chance. One that has waited tells everything. Either way only results of the channel's own revision count.
 */
function belongs(result: ResultDocument, { units, channel }: ReadyChannel, { when, afterDays }: ReactionRule): boolean {
  const own = units.find(({ use }) => isComputation(result, use));
  if (own === undefined) return false;
  // What an earlier revision with other data rights was given of the object.
  if (result.kind === 'stock' && !isOfView(result, channel)) return false;
  const isTrigger = typeof when === 'object' && when.result === result.unit;
  return afterDays > 0 || isTrigger || own.cost === 'light';
}
