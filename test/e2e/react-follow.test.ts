import type { ApplicationFailure } from '@temporalio/common';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { react } from '../../activities/react.js';
import type { Deadline } from '../../model/deadline.js';
import type { ReactOutcome } from '../../model/transient.js';
import type { ReactionDocument } from '../../store/documents.js';
import { defineT3, ReactionRefused, TryAgain, type Clients, type T3Unit } from '../../units/define.js';
import type { Registry } from '../../units/registry.js';
import { tnsReport } from '../../units/t3/tns-report.js';
import { webhookReaction } from '../../units/t3/webhook-reaction.js';
import { startTnsServer, type TnsServer } from '../receivers/tns-server.js';
import { OBJECT } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { watch } from './watched-object.js';
import { decideOn, inActivity, placeWithAlerts, SUBJECT } from './watched-store.js';

const BOT = { id: 1, name: 'test bot', key: 'not-a-real-key' };
const clients: Clients = { fetch, secret: () => BOT.key };

let rig: StoreRig;
let place: Place;
let deadline: Deadline;
let attempt: number;

beforeAll(async () => {
  rig = await startStoreRig();
});
afterAll(() => rig.stop());

beforeEach(async () => {
  place = await placeWithAlerts(rig);
  const [first] = (await decideOn(place)).due;
  if (first === undefined) throw new Error('no reaction is due');
  deadline = first;
  attempt = 0;
});

/** In the place of the channel's unit, and with its config. */
function posing(parts: Pick<T3Unit, 'compose' | 'send'> & Partial<Pick<T3Unit, 'find' | 'follow'>>): T3Unit {
  const { name, version, summary, config } = webhookReaction;
  return defineT3({ name, version, summary, config, ...parts });
}

/** The next attempt of the activity. */
function reactBy(unit: T3Unit, { slowestActMs = 0, afterMs = 0 } = {}): Promise<ReactOutcome> {
  const { store } = place;
  const { registry: known } = watch();
  const registry: Registry = { ...known, t3: () => unit };
  const deps = { store, registry, revisions: new ChannelRevisions(store, registry), clients, slowestActMs };
  attempt++;
  return inActivity(() => react(deps, { ...SUBJECT, deadline }), attempt, afterMs);
}

async function failureOf(work: Promise<unknown>): Promise<ApplicationFailure | Error> {
  const error = await work.then(
    () => new Error('it has not failed'),
    (failure: unknown) => failure,
  );
  if (error instanceof Error) return error;
  throw new Error(String(error));
}

const stored = (): Promise<ReactionDocument | null> => place.store.reactions.findOne({ _id: deadline.key });

async function journal(): Promise<string[]> {
  const entries = await place.store.journal.find({ tier: 't3' }).sort({ at: 1 }).toArray();
  return entries.map(({ outcome, reason }) => `${outcome}: ${reason ?? ''}`);
}

describe('a pending answer', () => {
  const waits = { status: 'with them', reference: { number: 7 }, pending: true, askAfterMs: 5_000 };
  const compose = (): string => 'the message';
  let sent: number;
  let send: T3Unit['send'];

  beforeEach(() => {
    sent = 0;
    send = () => {
      sent++;
      return Promise.resolve(waits);
    };
  });

  it('is kept and followed until it is final, and nothing is sent again', async () => {
    const asked: unknown[] = [];
    const replies = [waits, waits, { status: 'done', reference: { name: 'X' } }];
    const follow: T3Unit['follow'] = (...args) => {
      asked.push(args.slice(0, 2));
      return Promise.resolve(replies[asked.length - 1] ?? waits);
    };
    const unit = posing({ compose, send, follow });
    for (let asks = 0; asks < 3; asks++) {
      const failure = await failureOf(reactBy(unit));
      expect(failure).toMatchObject({ message: 'with them', type: 'TryAgain', nextRetryDelay: 5_000 });
      expect(failure).not.toMatchObject({ nonRetryable: true });
      expect(await stored()).toMatchObject({ state: 'sent', attempts: 1 });
      expect((await stored())?.answer).toEqual({ status: 'with them', reference: { number: 7 }, pending: true });
    }
    expect(await reactBy(unit)).toEqual({ state: 'confirmed', status: 'done' });
    expect(await stored()).toMatchObject({ state: 'confirmed', attempts: 1 });
    expect((await stored())?.answer).toEqual({ status: 'done', reference: { name: 'X' } });
    expect(asked).toEqual(replies.map(() => [{ number: 7 }, deadline.key]));
    expect(sent).toBe(1);
    expect(await journal()).toEqual(['sent: with them', 'confirmed: done']);
    expect(await reactBy(unit)).toEqual({ state: 'confirmed', status: 'done' });
    expect(asked).toHaveLength(3);
  });

  it('outlives what goes wrong on the way', async () => {
    const troubles = [new TryAgain('busy', 9_000), new Error('no sense')];
    const follow: T3Unit['follow'] = () => Promise.reject(troubles.shift() ?? new ReactionRefused('rejected: ra'));
    const unit = posing({ compose, send, follow });
    await failureOf(reactBy(unit));
    expect(await failureOf(reactBy(unit))).toMatchObject({ message: 'busy', nextRetryDelay: 9_000 });
    expect(await failureOf(reactBy(unit))).toMatchObject({ message: 'no sense' });
    expect(await stored()).toMatchObject({ state: 'sent', answer: { pending: true, reference: { number: 7 } } });
    const failure = await failureOf(reactBy(unit));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'ReactionRefused' });
    expect(await stored()).toMatchObject({ state: 'failed', attempts: 1 });
    expect((await stored())?.answer).toEqual({ status: 'rejected: ra', reference: { number: 7 } });
    expect(sent).toBe(1);
  });

  it('is not taken back by an attempt that knows less', async () => {
    const follow: T3Unit['follow'] = () => Promise.resolve({ status: 'done' });
    let isSecond = false;
    // The first attempt loses the answer after another one, started when this one seemed dead, has got it.
    const slow: T3Unit['send'] = async () => {
      sent++;
      await failureOf(reactBy(posing({ compose, follow, send, find: () => Promise.resolve('not there') })));
      isSecond = true;
      throw new Error('the answer is lost');
    };
    await failureOf(reactBy(posing({ compose, follow, send: slow, find: () => Promise.resolve('cannot tell') })));
    expect({ isSecond, sent }).toEqual({ isSecond: true, sent: 2 });
    expect(await stored()).toMatchObject({ state: 'sent', answer: { pending: true } });
    expect(await reactBy(posing({ compose, follow, send }))).toEqual({ state: 'confirmed', status: 'done' });
    expect(sent).toBe(2);
  });

  it('that comes while another attempt looks for it keeps that one from sending', async () => {
    void reactBy(posing({ compose, send: () => new Promise(() => undefined) })).catch(() => undefined);
    while ((await stored())?.state !== 'sent') await new Promise((resolve) => setTimeout(resolve, 20));
    const find: T3Unit['find'] = async () => {
      const answer = { status: 'with them', pending: true };
      await place.store.reactions.updateOne({ _id: deadline.key }, { $set: { answer } });
      return 'not there';
    };
    const failure = await failureOf(reactBy(posing({ compose, send, find })));
    expect(failure.message).toContain('another attempt has begun to send');
    expect(sent).toBe(0);
  });

  it('may come of a look for what a doubtful attempt has done', async () => {
    const unit = posing({
      ...{ compose, send: () => Promise.reject(new Error('the answer is lost')) },
      ...{ find: () => Promise.resolve(waits), follow: () => Promise.resolve({ status: 'done' }) },
    });
    await failureOf(reactBy(unit));
    expect(await stored()).toMatchObject({ state: 'outcome unknown' });
    await failureOf(reactBy(unit));
    expect(await stored()).toMatchObject({ state: 'sent', answer: { pending: true } });
    expect(await reactBy(unit)).toEqual({ state: 'confirmed', status: 'done' });
  });

  it('of a unit that cannot follow is left to a person', async () => {
    const failure = await failureOf(reactBy(posing({ compose, send })));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'OutcomeUnknown' });
    expect(failure.message).toContain('WebhookReaction cannot follow: with them');
    expect(await stored()).toMatchObject({ state: 'outcome unknown', attempts: 1 });
  });
});

describe('after three days', () => {
  const compose = (): string => 'the message';
  const LATE_MS = 3 * 24 * 3_600_000 - 60_000;
  const down: T3Unit['send'] = () => Promise.reject(new TryAgain('not reached', 1_000));

  it('what was never sent has failed', async () => {
    const failure = await failureOf(reactBy(posing({ compose, send: down }), { afterMs: LATE_MS }));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'ReactionRefused' });
    expect(failure.message).toContain('given up after 3 days: not reached');
    expect(await stored()).toMatchObject({ state: 'failed', answer: { status: 'given up after 3 days: not reached' } });
    expect(await journal()).toEqual(['intended: not reached', 'failed: given up after 3 days: not reached']);
  });

  it('what may have been sent, and cannot be asked for, is left to a person', async () => {
    const send: T3Unit['send'] = () => Promise.reject(new Error('the answer is lost'));
    const unit = posing({ compose, send, find: () => Promise.reject(new TryAgain('still away')) });
    await failureOf(reactBy(unit));
    const failure = await failureOf(reactBy(unit, { afterMs: LATE_MS }));
    expect(failure).toMatchObject({ nonRetryable: true, type: 'OutcomeUnknown' });
    expect(await stored()).toMatchObject({ state: 'outcome unknown', attempts: 1 });
    expect((await stored())?.answer).toEqual({ status: 'given up after 3 days: still away' });
  });

  it('what the receiver has and does not answer is left to a person, with what it is called there', async () => {
    const send: T3Unit['send'] = () =>
      Promise.resolve({ status: 'with them', reference: { number: 7 }, pending: true });
    const unit = posing({ compose, send, follow: () => Promise.reject(new Error('no sense')) });
    await failureOf(reactBy(unit));
    expect(await stored()).toMatchObject({ state: 'sent', answer: { pending: true } });
    await failureOf(reactBy(unit, { afterMs: LATE_MS }));
    expect(await stored()).toMatchObject({ state: 'outcome unknown' });
    expect((await stored())?.answer).toEqual({ status: 'given up after 3 days: no sense', reference: { number: 7 } });
  });
});

describe('a report to the Transient Name Server', () => {
  let tns: TnsServer;
  let unit: T3Unit;

  beforeEach(async () => {
    tns = await startTnsServer(BOT);
    const config = tnsReport.config.parse({
      ...{ url: tns.url, secret: 'TNS', bot: { id: BOT.id, name: BOT.name }, timeoutSeconds: 2 },
      ...{ groups: { reporting: 82, dataSource: 48 }, reporter: 'A. Ampel', minDetections: 1 },
    });
    unit = posing({
      compose: (occasion) => tnsReport.compose(occasion, config),
      send: (message, key) => tnsReport.send(message, key, config, clients),
      find: (message, key, _, __, since) =>
        tnsReport.find?.(message, key, config, clients, since) ?? Promise.resolve('cannot tell'),
      follow: (reference, key) =>
        tnsReport.follow?.(reference, key, config, clients) ?? Promise.reject(new Error('it cannot follow')),
    });
  });
  afterEach(() => tns.close());

  it('has its name in the store in the end', async () => {
    tns.books.asksBeforeReply = 2;
    for (let asks = 0; asks < 3; asks++) {
      const failure = await failureOf(reactBy(unit));
      expect(failure).toMatchObject({ message: 'report 5000 waits for TNS', nextRetryDelay: 60_000 });
    }
    const name = 'AT 2018abc';
    expect(await reactBy(unit)).toEqual({ state: 'confirmed', status: `${name} (inserted)` });
    expect((await stored())?.answer).toEqual({ status: `${name} (inserted)`, reference: { name, reportId: '5000' } });
    expect(tns.books.reported).toEqual([OBJECT]);
    expect(tns.asked.report).toBe(1);
    expect(JSON.stringify([await stored(), await journal()])).not.toContain(BOT.key);
  });

  it('whose answer is lost is looked up, and never sent a second time once TNS knows it', async () => {
    tns.fail('report', 'lost', 1);
    expect(await failureOf(reactBy(unit, { slowestActMs: 60_000 }))).toMatchObject({
      message: expect.stringContaining('broke off') as string,
    });
    expect(await stored()).toMatchObject({ state: 'outcome unknown' });
    const early = await failureOf(reactBy(unit, { slowestActMs: 60_000 }));
    expect(early).toMatchObject({ message: 'the receiver knows nothing of it yet', type: 'TryAgain' });
    tns.books.processAll();
    expect(await reactBy(unit, { slowestActMs: 60_000 })).toEqual({
      state: 'confirmed',
      status: 'known as AT 2018abc',
    });
    expect(tns.asked.report).toBe(1);
  });

  it('of a worker that was killed after it had sent is looked up by the next one', async () => {
    // What a killed worker leaves behind: the state "sent" and no answer.
    const killed = posing({ ...unit, send: () => new Promise(() => undefined) });
    void reactBy(killed).catch(() => undefined);
    while ((await stored())?.state !== 'sent') await new Promise((resolve) => setTimeout(resolve, 20));
    const message = (await stored())?.message ?? null;
    await unit.send(message, deadline.key, {}, clients);
    tns.books.processAll();
    expect(await reactBy(unit)).toEqual({ state: 'confirmed', status: 'known as AT 2018abc' });
    expect(tns.asked.report).toBe(1);
  });

  it('that is sent again too early is still one report in the books', async () => {
    tns.books.asksBeforeReply = 1;
    tns.fail('report', 'lost', 1);
    await failureOf(reactBy(unit));
    expect(await failureOf(reactBy(unit))).toMatchObject({ message: 'report 5001 waits for TNS' });
    tns.books.processAll();
    expect(await reactBy(unit)).toEqual({ state: 'confirmed', status: 'AT 2018abc (existing)' });
    expect(tns.books.reported).toEqual([OBJECT]);
    expect(await stored()).toMatchObject({ attempts: 2 });
  });
});
