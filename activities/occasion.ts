import type { PeriodicRule, ReactionRule } from '../model/channel.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactRequest } from '../model/transient.js';
import type { ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel } from './channel-revisions.js';
import { statePosition } from './state-position.js';
import { readStateView, resultsByUnit } from './state-view.js';
import { isComputation } from './t2-work.js';

/** What is known of the object when a reaction tells of it. Throws where the state is not in the store. */
export async function occasionOf(
  store: Store,
  { survey, stock, objectId, deadline }: ReactRequest,
  ready: ReadyChannel,
  rule: ReactionRule | PeriodicRule,
): Promise<Occasion> {
  const { channel } = ready;
  const [{ datapoints, results }, told] = await Promise.all([
    readStateView(store, { survey, stock, link: deadline.link }, ready),
    store.reactions
      .find({ stock, channel: channel.name, unit: rule.unit, state: 'confirmed', _id: { $ne: deadline.key } })
      .sort({ at: 1 })
      .toArray(),
  ]);
  const position = await statePosition(store, { survey, alertId: deadline.alertId }, datapoints);
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
 * A reaction without a wait tells what was known when it was set off: whether the result of a heavy unit is there a moment
 * later is chance. One that has waited tells everything.
 */
function belongs(result: ResultDocument, { units }: ReadyChannel, rule: ReactionRule | PeriodicRule): boolean {
  if (!('when' in rule)) return true;
  const { when, afterDays } = rule;
  const own = units.find(({ use }) => isComputation(result, use));
  const isTrigger = typeof when === 'object' && ('result' in when ? [when.result] : when.units).includes(result.unit);
  return afterDays > 0 || isTrigger || own?.cost === 'light';
}
