import type { Json } from '../model/canonical-json.js';
import type { PeriodicRule, ReactionRule } from '../model/channel.js';
import type { Store } from '../store/store.js';
import type { ReadyChannel } from './channel-revisions.js';
import { messageOf } from './reaction-failure.js';
import type { Draft } from './reaction-record.js';
import { isDry, needsApproval } from './safeguards.js';

/** What a rule would say now, and whether it may. A unit that cannot compose its message would not do so at another try either. */
export async function draftOf(
  store: Store,
  { channel }: ReadyChannel,
  rule: ReactionRule | PeriodicRule,
  compose: () => Json,
): Promise<Draft> {
  const composed = messageOrProblem(compose);
  if (isDry(channel, rule) && composed.problem === undefined) return { state: 'dry', ...composed };
  return { state: (await needsApproval(store, channel, rule)) ? 'waits for approval' : 'intended', ...composed };
}

function messageOrProblem(compose: () => Json): Pick<Draft, 'message' | 'problem'> {
  try {
    return { message: compose() };
  } catch (error) {
    return { problem: `cannot compose: ${messageOf(error)}` };
  }
}
