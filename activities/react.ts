import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../model/canonical-json.js';
import type { ReactionRule } from '../model/channel.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactActivities, ReactOutcome } from '../model/transient.js';
import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { ReactionRefused, type Answer, type Clients, type T3Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { channelRef, type ChannelRevisions } from './channel-revisions.js';
import { occasionOf } from './occasion.js';
import { currentTrace } from './trace.js';

type Request = Parameters<ReactActivities['react']>[0];

/** What a T3 activity works with. */
export interface ReactDeps {
  readonly store: Store;
  readonly revisions: ChannelRevisions;
  readonly registry: Registry;
  readonly clients: Clients;
}

/**
 * Carries out one reaction: the intent is written before anything is sent, key and message stay the same over every retry,
 * and a confirmed reaction is never sent again.
 */
export async function react(deps: ReactDeps, request: Request): Promise<ReactOutcome> {
  const { deadline, stock, objectId } = request;
  const { store, registry, clients } = deps;
  const ready = await deps.revisions.get(
    channelRef({ channel: { name: deadline.channel }, hash: deadline.channelHash }),
  );
  const rule = ready.channel.t3.find(({ name }) => name === deadline.rule);
  if (rule === undefined) {
    await store.deadlines.deleteOne({ _id: deadline.key });
    throw ApplicationFailure.nonRetryable(`${ready.ref} has no rule ${deadline.rule}`, 'ReactionRefused');
  }
  const unit = registry.t3(rule.unit);
  const config = unit.config.parse(rule.config);
  const draft = (await isCalledOff(store, request))
    ? CALLED_OFF
    : composed(unit, await occasionOf(store, request, ready, rule), config);
  const { state, message, answer: given } = await intend(store, request, rule, draft);
  await store.deadlines.deleteOne({ _id: deadline.key });
  if (state === 'called off') return { state };
  if (state === 'confirmed' && given !== undefined) {
    // Confirmed, but the worker may have ended before that was in the journal.
    await settle(store, request, rule, state, given);
    return { state, status: given.status };
  }

  if (message === undefined) {
    const status = `${rule.unit} ${draft.problem ?? 'has no message'}`;
    await settle(store, request, rule, 'failed', { status });
    throw ApplicationFailure.nonRetryable(`${objectId} ${stock}: ${status}`, 'ReactionRefused');
  }
  await store.reactions.updateOne(
    { _id: deadline.key, state: { $ne: 'confirmed' } },
    { $set: { state: 'sent', trace: currentTrace(), at: new Date() }, $inc: { attempts: 1 } },
  );
  let answer: Answer;
  try {
    answer = await unit.send(message, deadline.key, config, clients);
  } catch (error) {
    const status = messageOf(error);
    const refused = error instanceof ReactionRefused;
    // The receiver may have acted before the answer was lost: unknown until a retry with the same key is confirmed.
    await settle(store, request, rule, refused ? 'failed' : 'outcome unknown', { status });
    if (refused) throw ApplicationFailure.nonRetryable(`${objectId} ${stock}: ${status}`, 'ReactionRefused');
    throw error;
  }
  await settle(store, request, rule, 'confirmed', answer);
  return { state: 'confirmed', status: answer.status };
}

/** What a reaction would say, or why it says nothing. */
interface Draft {
  readonly state: 'intended' | 'called off';
  readonly message?: Json;
  readonly problem?: string;
}

const CALLED_OFF: Draft = { state: 'called off' };

/**
 * True where the channel has accepted another exposure since and before it fell due. A decision calls off what waits by
 * then; what a slow unit sets off may come to wait after that.
 */
async function isCalledOff(store: Store, { survey, stock, deadline }: Request): Promise<boolean> {
  const { unless, alertId, setJd, dueJd, channel } = deadline;
  if (unless === undefined) return false;
  const alert = await store.alerts.findOne({ _id: `${survey}:${alertId}` }, { projection: { sequence: 1 } });
  const later = { $gt: alert?.sequence ?? 0 };
  const accepted = { stock, sequence: later, tier: 't0', channel, outcome: 'accepted' } as const;
  return (await store.journal.findOne({ ...accepted, jd: { $ne: setJd, $lt: dueJd } })) !== null;
}

/** A unit that cannot compose its message would not do so at another try either. */
function composed(unit: T3Unit, occasion: Occasion, config: ReturnType<T3Unit['config']['parse']>): Draft {
  try {
    return { state: 'intended', message: unit.compose(occasion, config) };
  } catch (error) {
    return { state: 'intended', problem: `cannot compose: ${messageOf(error)}` };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : String(error);
}

async function intend(
  store: Store,
  { deadline, stock, objectId }: Request,
  { unit }: ReactionRule,
  { state, message }: Draft,
): Promise<ReactionDocument> {
  const { key, channel, channelHash, rule, alertId, link, dueJd } = deadline;
  const document = await store.reactions.findOneAndUpdate(
    { _id: key },
    {
      $setOnInsert: {
        ...{ channel, channelHash, rule, unit, objectId, stock, alertId, link, dueJd, message },
        ...{ state, attempts: 0, trace: currentTrace(), at: new Date() },
      },
    },
    { upsert: true, returnDocument: 'after' },
  );
  if (document === null) throw new Error(`the intent of ${key} was not written`);
  return document;
}

async function settle(
  store: Store,
  { deadline, stock, objectId }: Request,
  { unit, version, configHash }: ReactionRule,
  state: ReactionDocument['state'],
  answer: Answer,
): Promise<void> {
  const { key, channel, channelHash, alertId, dueJd, link } = deadline;
  const trace = currentTrace();
  const at = new Date();
  // Another attempt that was thought to be dead may have been confirmed meanwhile.
  await store.reactions.updateOne({ _id: key, state: { $ne: 'confirmed' } }, { $set: { state, answer, at } });
  const id = state === 'confirmed' ? `t3/${key}` : `t3/${key}/${state}/${Context.current().info.attempt}`;
  await store.journal.updateOne(
    { _id: id },
    {
      $setOnInsert: {
        ...{
          tier: 't3',
          stock,
          objectId,
          channel,
          channelHash,
          alertId,
          jd: dueJd,
          sequence: 0,
          unit,
          version,
          configHash,
          link,
        },
        ...{ outcome: state, reason: answer.status, trace, at },
      },
    },
    { upsert: true },
  );
}
