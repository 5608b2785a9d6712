import { isOfObject, type ReactionDocument, type ReactionState } from './documents.js';
import type { Store } from './store.js';

/** What a person says of a reaction: its receiver has acted, it has not and shall not, or it shall be sent again. */
export type Resolution = 'sent' | 'not sent' | 'again';

export interface ResolutionNote {
  readonly as: Resolution;
  readonly by: string;
  readonly why: string;
}

const STATE_OF: Readonly<Record<Resolution, ReactionState>> = {
  sent: 'confirmed',
  'not sent': 'failed',
  again: 'intended',
};

/** Nobody speaks for a reaction whose worker may be waiting for the answer: longer than an attempt can take. */
const SENDING_MS = 2 * 60_000;

/** Why a reaction cannot be resolved so; undefined where it can. */
export function resolutionProblem(
  { state, sentAt }: ReactionDocument,
  as: Resolution,
  nowMs: number,
): string | undefined {
  if (state === 'confirmed') return 'its receiver has confirmed it';
  if (state === 'called off') return 'it was called off';
  if (state === 'dry') return 'it is dry: the channel says so (reactions: { mode: live } sends what comes)';
  if (state === 'waits for approval') return 'it waits for "ampel reactions approve"';
  if (state === 'intended' && as !== 'again') return 'it has not been sent yet';
  const endsMs = (sentAt?.getTime() ?? 0) + SENDING_MS;
  if (state === 'sent' && nowMs < endsMs)
    return `it is being sent; ask again in ${Math.ceil((endsMs - nowMs) / 1000)} s`;
  return undefined;
}

/** Writes what a person said, in document and journal. False where the reaction has changed since it was looked at. */
export async function resolveReaction(
  store: Store,
  reaction: ReactionDocument,
  { version, configHash }: { readonly version: string; readonly configHash: string },
  { as, by, why }: ResolutionNote,
): Promise<boolean> {
  const { _id: key, state: from, channel, channelHash, rule, unit, dueJd, trace } = reaction;
  const at = new Date();
  const state = STATE_OF[as];
  const status = `${by} says so: ${why}`;
  const { modifiedCount } = await store.reactions.updateOne(
    { _id: key, state: from },
    { $set: { state, answer: { status }, resolved: { by, why, at }, at } },
  );
  if (modifiedCount === 0) return false;
  // That of one on several objects is in none of their journals.
  if (!isOfObject(reaction)) return true;
  const { stock, objectId, alertId, link } = reaction;
  await store.journal.insertOne({
    ...{ _id: `t3/${key}/${state}/${at.toISOString()}`, tier: 't3', stock, objectId, channel, channelHash, rule },
    ...{ alertId, jd: dueJd, sequence: 0, unit, version, configHash, link, outcome: state, reason: status },
    ...{ trace: trace ?? { workflowId: '', runId: '', activityId: '' }, at },
  });
  return true;
}
