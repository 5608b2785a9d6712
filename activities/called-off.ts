import type { PeriodicRule, ReactionRule } from '../model/channel.js';
import type { ReactRequest } from '../model/transient.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel } from './channel-revisions.js';
import { judgedBy } from './judge-condition.js';
import { isCondition } from './rule-conditions.js';

/** Why a reaction that has fallen due shall not be; undefined where it shall. */
export async function calledOffBecause(
  store: Store,
  request: ReactRequest,
  ready: ReadyChannel,
  rule: ReactionRule | PeriodicRule,
): Promise<string | undefined> {
  // Objects of a run were selected when it was due.
  if (!('when' in rule)) return undefined;
  const { when, unless, afterDays } = rule;
  const { survey, stock, deadline } = request;
  if (await hasComeAgain(store, request)) return 'another detection came within the wait';
  const at = { survey, stock, jd: deadline.dueJd };
  if (isCondition(unless) && (await judgedBy(store, ready, unless, at))?.holds === true) {
    return `unless: ${unless.holds}`;
  }
  if (!isCondition(when) || afterDays === 0) return undefined;
  const still = await judgedBy(store, ready, when, at);
  return still?.holds === false ? still.because : undefined;
}

/**
 * True where the channel has accepted another exposure since and before it fell due. A decision calls off what waits by
 * then; what a slow unit sets off may come to wait after that.
 */
async function hasComeAgain(store: Store, { survey, stock, deadline }: ReactRequest): Promise<boolean> {
  const { unless, alertId, setJd, dueJd, channel } = deadline;
  if (unless === undefined) return false;
  const alert = await store.alerts.findOne({ _id: `${survey}:${alertId}` }, { projection: { sequence: 1 } });
  const later = { $gt: alert?.sequence ?? 0 };
  const accepted = { stock, sequence: later, tier: 't0', channel, outcome: 'accepted' } as const;
  return (await store.journal.findOne({ ...accepted, jd: { $ne: setJd, $lt: dueJd } })) !== null;
}
