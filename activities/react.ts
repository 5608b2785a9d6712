import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../model/canonical-json.js';
import type { ReactionRule } from '../model/channel.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactActivities, ReactOutcome } from '../model/transient.js';
import { datapointOf, RESULT_CODE, type ReactionDocument, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { ReactionRefused, type Answer, type Clients } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { channelRef, type ChannelRevisions, type ReadyChannel, type ReadyUnit } from './channel-revisions.js';
import { inTime } from './combine.js';
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
  if (rule === undefined)
    throw ApplicationFailure.nonRetryable(`${ready.ref} has no rule ${deadline.rule}`, 'ReactionRefused');
  const unit = registry.t3(rule.unit);
  const config = unit.config.parse(rule.config);
  const composed = unit.compose(await occasionOf(store, request, ready, rule), config);
  const { state, message = composed, answer: given } = await intend(store, request, rule, composed);
  await store.deadlines.deleteOne({ _id: deadline.key });
  if (state === 'called off') return { state };
  if (state === 'confirmed' && given !== undefined) {
    // Confirmed, but the worker may have ended before that was in the journal.
    await settle(store, request, rule, state, given);
    return { state, status: given.status };
  }

  await store.reactions.updateOne(
    { _id: deadline.key, state: { $ne: 'confirmed' } },
    { $set: { state: 'sent', trace: currentTrace(), at: new Date() }, $inc: { attempts: 1 } },
  );
  let answer: Answer;
  try {
    answer = await unit.send(message, deadline.key, config, clients);
  } catch (error) {
    const status = error instanceof Error ? error.message.slice(0, 500) : String(error);
    const refused = error instanceof ReactionRefused;
    // The receiver may have acted before the answer was lost: unknown until a retry with the same key is confirmed.
    await settle(store, request, rule, refused ? 'failed' : 'outcome unknown', { status });
    if (refused) throw ApplicationFailure.nonRetryable(`${objectId} ${stock}: ${status}`, 'ReactionRefused');
    throw error;
  }
  await settle(store, request, rule, 'confirmed', answer);
  return { state: 'confirmed', status: answer.status };
}

async function occasionOf(
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

async function intend(
  store: Store,
  { deadline, stock, objectId }: Request,
  { unit }: ReactionRule,
  message: Json,
): Promise<ReactionDocument> {
  const { key, channel, channelHash, rule, alertId, link, dueJd } = deadline;
  const document = await store.reactions.findOneAndUpdate(
    { _id: key },
    {
      $setOnInsert: {
        ...{ channel, channelHash, rule, unit, objectId, stock, alertId, link, dueJd, message },
        ...{ state: 'intended', attempts: 0, trace: currentTrace(), at: new Date() },
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
