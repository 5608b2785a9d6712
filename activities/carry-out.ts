import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { canonicalJson, type Json } from '../model/canonical-json.js';
import type { PeriodicRule, ReactionRule } from '../model/channel.js';
import type { ApprovalAnswer, ReactOutcome } from '../model/transient.js';
import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { ReactionRefused, TryAgain, type Answer, type Clients, type Found, type T3Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import type { ChannelRevisions, ReadyChannel } from './channel-revisions.js';
import { givenUp, isLastTry } from './last-try.js';
import { clientsOfTry } from './one-try.js';
import { picturesFor } from './pictures.js';
import { later, messageOf, refusal } from './reaction-failure.js';
import type { ReactionRecord, ReactionSubject } from './reaction-record.js';
import { approvalEndsMs, approvalOf, holdOf, writeApproval } from './safeguards.js';

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

/** A reaction whose intent is written. */
export interface Underway {
  readonly deps: ReactDeps;
  readonly subject: ReactionSubject;
  readonly ready: ReadyChannel;
  readonly rule: ReactionRule | PeriodicRule;
  readonly unit: T3Unit;
  readonly config: UnitConfig;
  readonly record: ReactionRecord;
  readonly document: ReactionDocument;
  /** Why there is no message. */
  readonly problem: string | undefined;
  /** What a person has said of it. */
  readonly approval?: ApprovalAnswer;
}

export type UnitConfig = ReturnType<T3Unit['config']['parse']>;

/**
 * Goes on with a reaction from where its document says it is, until it is settled. Throws where it is to be tried again, and
 * where it has failed or a person has to say what came of it.
 */
export async function carryOut(underway: Underway): Promise<ReactOutcome> {
  try {
    return await goOn(underway);
  } catch (error) {
    if (!isLastTry(Context.current().info, error, Date.now())) throw error;
    return await giveUp(underway, messageOf(error));
  }
}

async function goOn(underway: Underway): Promise<ReactOutcome> {
  const { subject, unit, record, document, problem } = underway;
  const { state, message, answer } = document;
  if (state === 'called off' || state === 'dry') {
    await record.settle(state, { status: answer?.status ?? 'not sent: reactions of the channel are dry' });
    return { state };
  }
  if (state === 'waits for approval') return await approved(underway);
  // Confirmed or failed, but the worker may have ended before that was in the journal.
  if (state === 'confirmed' && answer !== undefined) return confirmed(record, answer);
  if (state === 'failed') throw refusal(`${subject.name}: ${answer?.status ?? 'failed before'}`);
  if (message === undefined) {
    const status = `${unit.name} ${problem ?? 'has no message'}`;
    await record.settle('failed', { status });
    throw refusal(`${subject.name}: ${status}`);
  }
  if (answer?.pending === true) return concluded(underway, await follow(underway, answer));
  if (state !== 'intended') {
    const found = await afterDoubt(underway, message);
    if (found !== 'send') return concluded(underway, found);
  }
  await holdBack(underway);
  const clients = clientsOfTry(underway.deps.clients, Date.now());
  if (!(await record.begin(document)))
    throw new Error('another attempt has begun to send: what came of it is looked up');
  return concluded(underway, await send(underway, message, clients));
}

/** Nobody tries or asks any more: what has surely not been sent has failed, the rest is for a person. */
async function giveUp({ deps, subject, record }: Underway, reason: string): Promise<never> {
  const document = await deps.store.reactions.findOne({ _id: subject.key });
  const status = givenUp(Context.current().info, reason);
  if (document?.state === 'intended') {
    await record.settle('failed', { status });
    throw refusal(`${subject.name}: ${status}`);
  }
  const reference = document?.answer?.reference;
  await record.abandon({ status, ...(reference !== undefined && { reference }) });
  throw doubt(subject, status);
}

/** In quiet hours, or above a cap: says so, and comes again. */
async function holdBack({ deps, ready, rule, record, document }: Underway): Promise<void> {
  const hold = await holdOf(deps.store, ready.channel, rule, document._id);
  if (hold === undefined) return;
  await record.settle('intended', { status: hold.because });
  throw later(hold.because, hold.waitMs);
}

/** Goes on as far as a person has said something of it. */
async function approved(underway: Underway): Promise<ReactOutcome> {
  const { deps, rule, document, approval } = underway;
  if (approval === undefined) return { state: document.state, untilMs: approvalEndsMs(document, approvalOf(rule)) };
  await writeApproval(deps.store, document._id, approval);
  const now = await deps.store.reactions.findOne({ _id: document._id });
  if (now === null || now.state === 'waits for approval')
    throw new Error(`the approval of ${document._id} was not written`);
  return goOn({ ...underway, document: now });
}

/** Confirmed, or to be asked for at a later attempt. */
async function concluded(underway: Underway, answer: Answer): Promise<ReactOutcome> {
  const { unit, record, document } = underway;
  if (answer.pending !== true) return confirmed(record, answer);
  if (unit.follow === undefined) return leaveToPerson(underway, `${unit.name} cannot follow: ${answer.status}`);
  // Asked a hundred times, it stands in the journal once.
  if (!isSame(document.answer, answer)) await record.settle('sent', answer);
  throw later(answer.status, answer.askAfterMs);
}

function isSame(known: ReactionDocument['answer'], { status, reference }: Answer): boolean {
  if (known?.pending !== true || known.status !== status) return false;
  return canonicalJson(known.reference ?? null) === canonicalJson(reference ?? null);
}

async function confirmed(record: ReactionRecord, answer: Answer): Promise<ReactOutcome> {
  await record.settle('confirmed', answer);
  return { state: 'confirmed', status: answer.status };
}

/** Asks what has come of a message that the receiver has: nothing is sent here, whatever happens. */
async function follow(underway: Underway, pending: Answer): Promise<Answer> {
  const { deps, subject, unit, config, record } = underway;
  const { status, reference = null } = pending;
  if (unit.follow === undefined) return leaveToPerson(underway, `${unit.name} cannot follow: ${status}`);
  try {
    return await unit.follow(reference, subject.key, config, deps.clients);
  } catch (error) {
    if (error instanceof TryAgain) throw later(messageOf(error), error.afterMs);
    if (!(error instanceof ReactionRefused)) throw error;
    await record.settle('failed', { status: messageOf(error), reference });
    throw refusal(`${subject.name}: ${messageOf(error)}`);
  }
}

/** Sends the message, and tells apart: surely not acted, never, nobody knows. */
async function send(underway: Underway, message: Json, clients: Clients): Promise<Answer> {
  const { deps, ready, document, subject, unit, config, record } = underway;
  try {
    return await unit.send(message, subject.key, config, clients, picturesFor(deps, ready, document));
  } catch (error) {
    const status = messageOf(error);
    if (error instanceof ReactionRefused) {
      await record.settle('failed', { status });
      throw refusal(`${subject.name}: ${status}`);
    }
    if (error instanceof TryAgain) {
      await record.settle('intended', { status });
      throw later(status, error.afterMs);
    }
    await record.settle('outcome unknown', { status });
    if (isLeftToPerson(unit)) throw doubt(subject, status);
    throw error;
  }
}

/**
 * An attempt before this one began to send, and nobody knows what came of it. Answers what the receiver did, or that the message
 * can be sent. Throws where the answer is not certain: to be asked again, or by a person.
 */
async function afterDoubt(underway: Underway, message: Json): Promise<Answer | 'send'> {
  const { deps, unit, document } = underway;
  if (unit.knowsKeys === true) return 'send';
  const since = document.sentAt ?? document.at;
  const found = isLeftToPerson(unit) ? 'cannot tell' : await find(underway, message, since);
  if (found === undefined || found === 'cannot tell') {
    return leaveToPerson(underway, document.answer?.status ?? 'the worker ended while it was sending');
  }
  if (found !== 'not there') return found;
  const slowestMs = deps.slowestActMs ?? SLOWEST_ACT_MS;
  const waitMs = since.getTime() + slowestMs - Date.now();
  if (waitMs > 0) throw later('the receiver knows nothing of it yet', waitMs);
  return 'send';
}

async function find({ deps, subject, unit, config }: Underway, message: Json, since: Date): Promise<Found | undefined> {
  try {
    return await unit.find?.(message, subject.key, config, deps.clients, since);
  } catch (error) {
    throw error instanceof TryAgain ? later(messageOf(error), error.afterMs) : error;
  }
}

async function leaveToPerson({ subject, record }: Underway, status: string): Promise<never> {
  await record.settle('outcome unknown', { status });
  throw doubt(subject, status);
}

function isLeftToPerson(unit: T3Unit): boolean {
  return unit.knowsKeys !== true && unit.find === undefined;
}

function doubt({ key, name }: ReactionSubject, status: string): ApplicationFailure {
  const advice = `ampel reactions resolve ${key} tells what has happened`;
  return ApplicationFailure.nonRetryable(`${name}: outcome unknown: ${status}; ${advice}`, 'OutcomeUnknown');
}
