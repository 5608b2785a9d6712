import { ApplicationFailure } from '@temporalio/common';
import type { Json } from '../model/canonical-json.js';
import type { Occasion } from '../model/occasion.js';
import type { ReactOutcome } from '../model/transient.js';
import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { ReactionRefused, TryAgain, type Answer, type Clients, type T3Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { channelRef, type ChannelRevisions } from './channel-revisions.js';
import { occasionOf } from './occasion.js';
import { ReactionRecord, type Draft, type ReactRequest } from './reaction-record.js';

/** What a T3 activity works with. */
export interface ReactDeps {
  readonly store: Store;
  readonly revisions: ChannelRevisions;
  readonly registry: Registry;
  readonly clients: Clients;
  /** A receiver that is slow may still act so long after the try that it has not answered. */
  readonly slowestActMs?: number;
}

const SLOWEST_ACT_MS = 60_000;

/**
 * Carries out one reaction. The intent is written before anything is sent; key and message stay the same over every retry. An
 * attempt that finds that another one has begun to send asks the receiver before it sends itself, or leaves that to a person.
 */
export async function react(deps: ReactDeps, request: ReactRequest): Promise<ReactOutcome> {
  const { deadline } = request;
  const { store, registry } = deps;
  const ready = await deps.revisions.get(
    channelRef({ channel: { name: deadline.channel }, hash: deadline.channelHash }),
  );
  const rule = ready.channel.t3.find(({ name }) => name === deadline.rule);
  if (rule === undefined) {
    await store.deadlines.deleteOne({ _id: deadline.key });
    throw refusal(`${ready.ref} has no rule ${deadline.rule}`);
  }
  const unit = registry.t3(rule.unit);
  const config = unit.config.parse(rule.config);
  const draft = (await isCalledOff(store, request))
    ? CALLED_OFF
    : composed(unit, await occasionOf(store, request, ready, rule), config);
  const record = new ReactionRecord(store, request, rule);
  const document = await record.intend(draft);
  await store.deadlines.deleteOne({ _id: deadline.key });
  return finish({ deps, request, unit, config, record, document, problem: draft.problem });
}

/** A reaction whose intent is written. */
interface Underway {
  readonly deps: ReactDeps;
  readonly request: ReactRequest;
  readonly unit: T3Unit;
  readonly config: Config;
  readonly record: ReactionRecord;
  readonly document: ReactionDocument;
  readonly problem: string | undefined;
}

type Config = ReturnType<T3Unit['config']['parse']>;

async function finish(underway: Underway): Promise<ReactOutcome> {
  const { request, unit, record, document, problem } = underway;
  const { state, message, answer } = document;
  if (state === 'called off') return { state };
  // Confirmed or failed, but the worker may have ended before that was in the journal.
  if (state === 'confirmed' && answer !== undefined) return confirmed(record, answer);
  if (state === 'failed') throw refusal(`${nameOf(request)}: ${answer?.status ?? 'failed before'}`);
  if (message === undefined) {
    const status = `${unit.name} ${problem ?? 'has no message'}`;
    await record.settle('failed', { status });
    throw refusal(`${nameOf(request)}: ${status}`);
  }
  if (state !== 'intended') {
    const found = await afterDoubt(underway, message);
    if (found !== 'send') return confirmed(record, found);
  }
  if (!(await record.begin(document)))
    throw new Error('another attempt has begun to send: what came of it is looked up');
  return confirmed(record, await send(underway, message));
}

async function confirmed(record: ReactionRecord, answer: Answer): Promise<ReactOutcome> {
  await record.settle('confirmed', answer);
  return { state: 'confirmed', status: answer.status };
}

/** Sends the message, and tells apart: surely not acted, never, nobody knows. */
async function send({ deps, request, unit, config, record }: Underway, message: Json): Promise<Answer> {
  try {
    return await unit.send(message, request.deadline.key, config, deps.clients);
  } catch (error) {
    const status = messageOf(error);
    if (error instanceof ReactionRefused) {
      await record.settle('failed', { status });
      throw refusal(`${nameOf(request)}: ${status}`);
    }
    if (error instanceof TryAgain) {
      await record.settle('intended', { status });
      throw later(status, error.afterMs);
    }
    await record.settle('outcome unknown', { status });
    if (isLeftToPerson(unit)) throw doubt(request, status);
    throw error;
  }
}

/**
 * An attempt before this one began to send, and nobody knows what came of it. Answers what the receiver did, or that the message
 * can be sent. Throws where the answer is not certain: to be asked again, or by a person.
 */
async function afterDoubt(
  { deps, request, unit, config, record, document }: Underway,
  message: Json,
): Promise<Answer | 'send'> {
  const { key } = request.deadline;
  if (unit.knowsKeys === true) return 'send';
  const since = document.sentAt ?? document.at;
  const found = isLeftToPerson(unit) ? 'cannot tell' : await unit.find?.(message, key, config, deps.clients, since);
  if (found === undefined || found === 'cannot tell') {
    const status = document.answer?.status ?? 'the worker ended while it was sending';
    await record.settle('outcome unknown', { status });
    throw doubt(request, status);
  }
  if (found !== 'not there') return found;
  const slowestMs = deps.slowestActMs ?? SLOWEST_ACT_MS;
  const waitMs = since.getTime() + slowestMs - Date.now();
  if (waitMs > 0) throw later('the receiver knows nothing of it yet', waitMs);
  return 'send';
}

function isLeftToPerson(unit: T3Unit): boolean {
  return unit.knowsKeys !== true && unit.find === undefined;
}

function nameOf({ objectId, stock }: ReactRequest): string {
  return `${objectId} ${stock}`;
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'ReactionRefused');
}

function doubt(request: ReactRequest, status: string): ApplicationFailure {
  const advice = `ampel reactions resolve ${request.deadline.key} tells what has happened`;
  return ApplicationFailure.nonRetryable(`${nameOf(request)}: outcome unknown: ${status}; ${advice}`, 'OutcomeUnknown');
}

function later(message: string, afterMs: number | undefined): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'TryAgain',
    ...(afterMs !== undefined && { nextRetryDelay: afterMs }),
  });
}

const CALLED_OFF: Draft = { state: 'called off' };

/**
 * True where the channel has accepted another exposure since and before it fell due. A decision calls off what waits by
 * then; what a slow unit sets off may come to wait after that.
 */
async function isCalledOff(store: Store, { survey, stock, deadline }: ReactRequest): Promise<boolean> {
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
