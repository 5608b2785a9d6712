import { react } from '../../activities/react.js';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import type { Deadline } from '../../model/deadline.js';
import type { ReactOutcome } from '../../model/transient.js';
import type { ReactionDocument } from '../../store/documents.js';
import { resolutionProblem, resolveReaction } from '../../store/resolve-reaction.js';
import { ReactionRefused, TryAgain, type Found, type T3Unit } from '../../units/define.js';
import { NO_CLIENTS } from '../../units/no-clients.js';
import type { Registry } from '../../units/registry.js';
import { STOCK } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { watch } from './watched-object.js';
import { decideOn, inActivity, placeWithAlerts, SUBJECT } from './watched-store.js';

const SLOWEST_ACT_MS = 400;

let rig: StoreRig;
let place: Place;
let deadline: Deadline;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(() => rig.stop());

beforeEach(async () => {
  place = await placeWithAlerts(rig);
  const { due, pending } = await decideOn(place);
  const [first] = [...due, ...pending].filter(({ rule }) => rule === 'tell');
  if (first === undefined) throw new Error('no reaction was asked for');
  deadline = first;
});

/** A receiver that keeps what it was sent; how it answers is told for each try in turn, the last for all after it. */
class Receiver {
  readonly acted: string[] = [];
  asked = 0;
  private tries = 0;

  constructor(private readonly ways: readonly ('answers' | 'loses' | 'drops' | 'away' | 'refuses')[]) {}

  send(key: string): { status: string } {
    const way = this.ways[Math.min(this.tries++, this.ways.length - 1)];
    if (way === 'away') throw new TryAgain('nobody listens', 7_000);
    if (way === 'refuses') throw new ReactionRefused('no such place');
    if (way === 'drops') throw new Error('socket hang up');
    this.acted.push(key);
    if (way === 'loses') throw new Error('socket hang up');
    return { status: 'taken' };
  }

  find(key: string): Found {
    this.asked++;
    return this.acted.includes(key) ? { status: 'found there' } : 'not there';
  }
}

/** What a unit has to know of its receiver. */
type Kind = Pick<T3Unit, 'knowsKeys' | 'find'>;

function asking(receiver: Receiver): Kind {
  return { find: (_message, key) => Promise.resolve(receiver.find(key)) };
}

async function attempt(receiver: Receiver, kind: Kind, number = 1): Promise<ReactOutcome> {
  const { registry: known } = watch();
  const t3 = (name: string): T3Unit => {
    const unit = known.t3(name);
    return {
      ...unit,
      knowsKeys: false,
      ...kind,
      send: (_message, key) => Promise.resolve().then(() => receiver.send(key)),
    };
  };
  const registry: Registry = { ...known, t3 };
  const { store } = place;
  const revisions = new ChannelRevisions(store, registry);
  const deps = { store, registry, revisions, clients: NO_CLIENTS.clients, slowestActMs: SLOWEST_ACT_MS };
  return await inActivity(() => react(deps, { ...SUBJECT, deadline }), number);
}

async function failureOf(outcome: Promise<ReactOutcome>): Promise<unknown> {
  return await outcome.then(
    ({ state }) => `no failure: ${state}`,
    (error: unknown) => error,
  );
}

async function stored(): Promise<ReactionDocument> {
  const document = await place.store.reactions.findOne({ _id: deadline.key });
  if (document === null) throw new Error('there is no reaction');
  return document;
}

/** What a worker leaves behind that is killed while it sends. */
async function killedWhileSending(receiver: Receiver, kind: Kind): Promise<void> {
  await failureOf(attempt(receiver, kind));
  await place.store.reactions.updateOne({ _id: deadline.key }, { $set: { state: 'sent' }, $unset: { answer: '' } });
}

describe('a receiver that can be asked', () => {
  it.each(['by an error', 'by the end of the worker'])(
    'is asked before anything is sent again where its answer was lost %s',
    async (how) => {
      const receiver = new Receiver(['loses']);
      if (how === 'by an error') await failureOf(attempt(receiver, asking(receiver)));
      else await killedWhileSending(receiver, asking(receiver));
      expect(await attempt(receiver, asking(receiver), 2)).toEqual({ state: 'confirmed', status: 'found there' });
      expect(receiver.acted).toEqual([deadline.key]);
      expect(await stored()).toMatchObject({ state: 'confirmed', answer: { status: 'found there' } });
    },
  );

  it('that knows nothing may still be at it: it is believed after a while, then the message is sent again', async () => {
    const receiver = new Receiver(['drops', 'answers']);
    await failureOf(attempt(receiver, asking(receiver)));
    const early = await failureOf(attempt(receiver, asking(receiver), 2));
    expect(early).toMatchObject({ nonRetryable: false, type: 'TryAgain' });
    expect(receiver.acted).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, SLOWEST_ACT_MS));
    expect(await attempt(receiver, asking(receiver), 3)).toMatchObject({ state: 'confirmed' });
    expect(receiver.acted).toEqual([deadline.key]);
  });

  it('that cannot tell leaves it to a person', async () => {
    const receiver = new Receiver(['loses']);
    const kind: Kind = { find: () => Promise.resolve('cannot tell') };
    await failureOf(attempt(receiver, kind));
    expect(await failureOf(attempt(receiver, kind, 2))).toMatchObject({ nonRetryable: true, type: 'OutcomeUnknown' });
    expect(await stored()).toMatchObject({ state: 'outcome unknown' });
    expect(receiver.acted).toHaveLength(1);
  });

  it('that is away itself is asked again', async () => {
    const receiver = new Receiver(['loses']);
    const kind: Kind = { find: () => Promise.reject(new Error('could not be reached')) };
    await failureOf(attempt(receiver, kind));
    expect(await failureOf(attempt(receiver, kind, 2))).not.toHaveProperty('nonRetryable', true);
    expect(await attempt(receiver, asking(receiver), 3)).toMatchObject({ state: 'confirmed' });
    expect(receiver.acted).toHaveLength(1);
  });

  it('gets one message from two attempts at the same time', async () => {
    const receiver = new Receiver(['answers']);
    const kind = asking(receiver);
    const outcomes = await Promise.allSettled([attempt(receiver, kind), attempt(receiver, kind, 2)]);
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    expect(receiver.acted).toEqual([deadline.key]);
  });
});

describe('a receiver that has surely not acted', () => {
  it('is tried again when it wishes, without being asked', async () => {
    const receiver = new Receiver(['away', 'answers']);
    expect(await failureOf(attempt(receiver, asking(receiver)))).toMatchObject({ nextRetryDelay: 7_000 });
    expect(await stored()).toMatchObject({ state: 'intended', answer: { status: 'nobody listens' } });
    expect(await attempt(receiver, asking(receiver), 2)).toMatchObject({ state: 'confirmed' });
    expect({ acted: receiver.acted.length, asked: receiver.asked }).toEqual({ acted: 1, asked: 0 });
  });

  it('and never will is not tried again, whoever asks', async () => {
    const receiver = new Receiver(['refuses', 'answers']);
    for (const number of [1, 2]) {
      expect(await failureOf(attempt(receiver, asking(receiver), number))).toMatchObject({ type: 'ReactionRefused' });
    }
    expect(receiver.acted).toEqual([]);
  });
});

describe('a doubt about a receiver that cannot be asked', () => {
  const PERSON = { by: 'jnordin', why: 'looked into the archive of the list' };
  let receiver: Receiver;

  beforeEach(async () => {
    receiver = new Receiver(['loses', 'answers']);
    expect(await failureOf(attempt(receiver, {}))).toMatchObject({ nonRetryable: true, type: 'OutcomeUnknown' });
    // Asked again, the worker does not know more.
    expect(await failureOf(attempt(receiver, {}, 2))).toMatchObject({ nonRetryable: true, type: 'OutcomeUnknown' });
    expect(receiver.acted).toHaveLength(1);
  });

  const resolve = async (as: 'sent' | 'not sent' | 'again'): Promise<boolean> =>
    resolveReaction(place.store, await stored(), { version: '1.0.0', configHash: 'c' }, { as, ...PERSON });

  it('is ended by a person who knows that it was sent', async () => {
    expect(await resolve('sent')).toBe(true);
    expect(await attempt(receiver, {}, 3)).toMatchObject({ state: 'confirmed' });
    expect(receiver.acted).toHaveLength(1);
    expect(await stored()).toMatchObject({ state: 'confirmed', resolved: PERSON });
    const entry = await place.store.journal.findOne({ stock: STOCK, tier: 't3', reason: /jnordin/ });
    expect(entry).toMatchObject({ outcome: 'confirmed', reason: `jnordin says so: ${PERSON.why}` });
  });

  it('is ended by a person who wants nothing sent any more', async () => {
    expect(await resolve('not sent')).toBe(true);
    expect(await failureOf(attempt(receiver, {}, 3))).toMatchObject({ type: 'ReactionRefused' });
    expect(receiver.acted).toHaveLength(1);
  });

  it('is sent again where a person says so, once', async () => {
    const before = await stored();
    expect(await resolve('again')).toBe(true);
    expect(
      await resolveReaction(place.store, before, { version: '1', configHash: '' }, { as: 'again', ...PERSON }),
    ).toBe(false);
    expect(await attempt(receiver, {}, 3)).toMatchObject({ state: 'confirmed' });
    expect(receiver.acted).toHaveLength(2);
  });
});

describe('a person cannot speak for a reaction', () => {
  const at = new Date('2026-11-01T00:00:00Z');
  const nowMs = at.getTime() + 30_000;

  it.each([
    ['confirmed', 'again', 'its receiver has confirmed it'],
    ['called off', 'again', 'it was called off'],
    ['intended', 'sent', 'it has not been sent yet'],
    ['sent', 'sent', 'it is being sent; ask again in 90 s'],
    ['outcome unknown', 'sent', undefined],
    ['failed', 'again', undefined],
    ['intended', 'again', undefined],
  ] as const)('that is %s: %s', async (state, as, problem) => {
    await attempt(new Receiver(['answers']), {});
    expect(resolutionProblem({ ...(await stored()), state, sentAt: at }, as, nowMs)).toBe(problem);
  });
});
