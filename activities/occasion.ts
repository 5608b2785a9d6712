import type { ReactionRule } from '../model/channel.js';
import { positionOf } from '../model/object-position.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactActivities } from '../model/transient.js';
import type { ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel } from './channel-revisions.js';
import { readStateView, resultsByUnit } from './state-view.js';
import { isComputation } from './t2-work.js';

type Request = Parameters<ReactActivities['react']>[0];

/** What is known of the object when a reaction tells of it. Throws where the state is not in the store. */
export async function occasionOf(
  store: Store,
  { survey, stock, objectId, deadline }: Request,
  ready: ReadyChannel,
  rule: ReactionRule,
): Promise<Occasion> {
  const { channel } = ready;
  const [{ datapoints, results }, told] = await Promise.all([
    readStateView(store, { survey, stock, link: deadline.link }, ready),
    store.reactions
      .find({ stock, channel: channel.name, unit: rule.unit, state: 'confirmed', _id: { $ne: deadline.key } })
      .sort({ at: 1 })
      .toArray(),
  ]);
  const position = positionOf(datapoints) ?? (await alertPosition(store, survey, deadline.alertId));
  return {
    ...{ key: deadline.key, channel: channel.name, rule: deadline.rule, objectId, stock },
    ...{ position, dueJd: deadline.dueJd, alertId: deadline.alertId },
    state: { link: deadline.link, datapoints },
    results: resultsByUnit(results.filter((result) => belongs(result, ready, rule))),
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
 * later is chance. One that has waited tells everything.
 */
function belongs(result: ResultDocument, { units }: ReadyChannel, { when, afterDays }: ReactionRule): boolean {
  const own = units.find(({ use }) => isComputation(result, use));
  const isTrigger = typeof when === 'object' && ('result' in when ? [when.result] : when.units).includes(result.unit);
  return afterDays > 0 || isTrigger || own?.cost === 'light';
}
