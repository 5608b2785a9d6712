import { z } from 'zod';
import { react } from '../../activities/react.js';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { activateChannel } from '../../activities/channel-life.js';
import type { Channel, ChannelRevision, ReactionRule } from '../../model/channel.js';
import { contentHash } from '../../model/content-hash.js';
import type { Deadline } from '../../model/deadline.js';
import type { ApprovalAnswer, ReactOutcome } from '../../model/transient.js';
import { giveBackAllowance, takeAllowance } from '../../store/allowances.js';
import type { ReactionDocument } from '../../store/documents.js';
import { TryAgain, type T3Unit } from '../../units/define.js';
import { NO_CLIENTS } from '../../units/no-clients.js';
import type { Registry } from '../../units/registry.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { watch } from './watched-object.js';
import { decideOn, inActivity, placeWithAlerts, SUBJECT, WATCH } from './watched-store.js';

let rig: StoreRig;
let place: Place;
let deadline: Deadline;
let sent: string[];
/** How the receiver takes the next tries; it answers where nothing is left. */
let ways: 'away'[];

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(() => rig.stop());

beforeEach(async () => {
  place = await placeWithAlerts(rig);
  const { due, pending } = await decideOn(place);
  const first = [...due, ...pending].find(({ rule }) => rule === 'tell');
  if (first === undefined) throw new Error('no reaction was asked for');
  deadline = first;
  sent = [];
  ways = [];
});

/** The deadline in a revision whose rule `tell`, or the channel itself, says more. */
async function revised(
  over: Partial<ReactionRule>,
  reactions?: Channel['reactions'],
  of: Deadline = deadline,
): Promise<Deadline> {
  const { channel } = WATCH;
  const t3 = channel.t3.map((rule) => (rule.name === of.rule ? { ...rule, ...over } : rule));
  const next = { ...channel, t3, ...(reactions !== undefined && { reactions }) };
  const revision: ChannelRevision = { channel: next, hash: contentHash(z.json().parse(next)) };
  await activateChannel(place.store, revision);
  return { ...of, channelHash: revision.hash };
}

function attempt(of: Deadline, approval?: ApprovalAnswer): Promise<ReactOutcome> {
  const { registry: known } = watch();
  const send = (_message: unknown, key: string) => {
    if (ways.shift() === 'away') return Promise.reject(new TryAgain('nobody listens', 7_000));
    sent.push(key);
    return Promise.resolve({ status: 'taken' });
  };
  const t3 = (name: string): T3Unit => ({ ...known.t3(name), send });
  const registry: Registry = { ...known, t3 };
  const { store } = place;
  const deps = { store, registry, revisions: new ChannelRevisions(store, registry), clients: NO_CLIENTS.clients };
  return inActivity(() => react(deps, { ...SUBJECT, deadline: of, ...(approval && { approval }) }));
}

async function failureOf(outcome: Promise<ReactOutcome>): Promise<unknown> {
  return await outcome.then(
    ({ state }) => `no failure: ${state}`,
    (error: unknown) => error,
  );
}

async function stored(key = deadline.key): Promise<ReactionDocument> {
  const document = await place.store.reactions.findOne({ _id: key });
  if (document === null) throw new Error('there is no reaction');
  return document;
}

const journal = (outcome: string) => place.store.journal.find({ tier: 't3', outcome }).toArray();

describe('a dry rule', () => {
  it.each([
    ['by its channel', {}, { dry: true }],
    ['by itself', { dry: true }, undefined],
  ] as const)(
    '%s stores what would be sent, and sends nothing, however often it is tried',
    async (_, rule, channel) => {
      const dry = await revised(rule, channel);
      expect(await attempt(dry)).toEqual({ state: 'dry' });
      expect(await attempt(dry)).toEqual({ state: 'dry' });
      expect(sent).toEqual([]);
      expect(await stored()).toMatchObject({ state: 'dry', attempts: 0, message: { type: 'ampel.reaction' } });
      expect(await journal('dry')).toHaveLength(1);
    },
  );
});

/** A time of day (UTC), so many hours from now. */
function hourFromNow(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16);
}

describe('quiet hours', () => {
  const now = { from: hourFromNow(-2), to: hourFromNow(2), timezone: 'UTC' };
  const later = { from: hourFromNow(3), to: hourFromNow(5), timezone: 'UTC' };

  it.each([
    ['of the rule', { quiet: now }, undefined],
    ['of the channel', {}, { quiet: now }],
  ])('%s hold a message back until they end', async (_, rule, channel) => {
    const failure = await failureOf(attempt(await revised(rule, channel)));
    expect(failure).toMatchObject({ type: 'TryAgain', nonRetryable: false });
    expect(failure).toHaveProperty('nextRetryDelay');
    expect(sent).toEqual([]);
    expect(await stored()).toMatchObject({ state: 'intended', attempts: 0 });
    expect((await stored()).answer?.status).toContain(`waits for the end of quiet hours`);
  });

  it('of another time hold nothing back', async () => {
    expect(await attempt(await revised({ quiet: later }))).toMatchObject({ state: 'confirmed' });
  });
});

describe('a cap', () => {
  /** Reactions of the rule to the same alert, as if of several objects. */
  const several = (of: Deadline, count: number): Deadline[] =>
    Array.from({ length: count }, (_, index) => ({ ...of, key: `${of.key}/${index}` }));

  it.each([
    ['of the rule', { cap: { count: 3, per: 'd' } }, undefined],
    ['of the channel', {}, { cap: { count: 3, per: 'night' } }],
  ] as const)('%s holds over all workers: what is above it waits', async (_, rule, channel) => {
    const all = several(await revised(rule, channel), 8);
    const outcomes = await Promise.allSettled(all.map((one) => attempt(one)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(sent).toHaveLength(3);
    const waiting = await place.store.reactions.find({ state: 'intended' }).toArray();
    expect(waiting).toHaveLength(5);
    expect(waiting[0]?.answer?.status).toMatch(/^above the cap of 3\/.* of WATCH.*: waits until /);
  });

  it('counts a message once, however often it is tried', async () => {
    const [one, other] = several(await revised({ cap: { count: 1, per: 'd' } }), 2);
    if (one === undefined || other === undefined) throw new Error('two were asked for');
    ways = ['away'];
    expect(await failureOf(attempt(one))).toMatchObject({ message: 'nobody listens' });
    expect(await attempt(one)).toMatchObject({ state: 'confirmed' });
    expect(await failureOf(attempt(other))).toMatchObject({ type: 'TryAgain' });
    expect(sent).toEqual([one.key]);
  });
});

describe('an allowance', () => {
  const hours = { name: 'telescope 2026-11', max: 10, expires: new Date(Date.now() + 3_600_000) };

  it('is never exceeded by those who take of it at once, and what is given back can be taken', async () => {
    const { store } = place;
    const keys = Array.from({ length: 12 }, (_, index) => `request ${index}`);
    const taken = await Promise.all(keys.map((key) => takeAllowance(store, hours, key, 2.5)));
    expect(taken.filter(Boolean)).toHaveLength(4);
    const [had] = keys.filter((_, index) => taken[index]);
    await giveBackAllowance(store, hours.name, had ?? '');
    await giveBackAllowance(store, hours.name, had ?? '');
    expect(await takeAllowance(store, hours, 'another', 2.6)).toBe(false);
    expect(await takeAllowance(store, hours, 'another', 2.5)).toBe(true);
    expect(await takeAllowance(store, hours, 'another', 2.5)).toBe(true);
    expect(await takeAllowance(store, hours, 'too much', 11)).toBe(false);
  });
});

describe('a rule that requires approval', () => {
  const each = { requires: { of: 'each', withinDays: 0.5 } } as const;
  const yes: ApprovalAnswer = { granted: true, by: 'jn', why: 'rising' };

  it('sends nothing before a person has said yes, and tells until when it waits', async () => {
    const waiting = await revised(each);
    const outcome = await attempt(waiting);
    const { at } = await stored();
    expect(outcome).toEqual({ state: 'waits for approval', untilMs: at.getTime() + 43_200_000 });
    expect(await attempt(waiting)).toEqual(outcome);
    expect(sent).toEqual([]);
    expect(await attempt(waiting, yes)).toMatchObject({ state: 'confirmed' });
    expect(await attempt(waiting, yes)).toMatchObject({ state: 'confirmed' });
    expect(sent).toEqual([deadline.key]);
    expect(await stored()).toMatchObject({ state: 'confirmed', approval: { granted: true, by: 'jn', why: 'rising' } });
  });

  it('is called off by a no, which a yes that comes later does not change', async () => {
    const waiting = await revised(each);
    await attempt(waiting);
    expect(await attempt(waiting, { granted: false, by: 'jn', why: 'an AGN' })).toEqual({ state: 'called off' });
    expect(await attempt(waiting, yes)).toEqual({ state: 'called off' });
    expect(sent).toEqual([]);
    expect(await stored()).toMatchObject({ state: 'called off', answer: { status: 'jn says no: an AGN' } });
  });

  it('asks for the first message only where that is said', async () => {
    const first = await revised({ requires: { of: 'first', withinDays: 1 } });
    expect(await attempt(first)).toMatchObject({ state: 'waits for approval' });
    expect(await attempt(first, yes)).toMatchObject({ state: 'confirmed' });
    const next = { ...first, key: `${first.key}/2` };
    expect(await attempt(next)).toMatchObject({ state: 'confirmed' });
    expect(sent).toEqual([first.key, next.key]);
  });
});

describe('an expression in unless', () => {
  it.each([
    ['that holds calls the reaction off, and says so', 'state.detections > 0', 'called off'],
    ['that does not hold lets it be sent', 'state.detections > 100', 'confirmed'],
    ['that reads a result that is not there lets it be sent', 'T2SlowCount.value > 0', 'confirmed'],
  ])('%s', async (_, holds, state) => {
    const units = holds.startsWith('T2') ? ['T2SlowCount'] : [];
    expect(await attempt(await revised({ unless: { holds, units } }))).toMatchObject({ state });
    expect(sent).toHaveLength(state === 'confirmed' ? 1 : 0);
    if (state === 'confirmed') return;
    expect((await stored()).answer).toEqual({ status: `unless: ${holds}` });
    expect(await journal('called off')).toHaveLength(1);
  });

  it('asks a condition in when again after the wait', async () => {
    const fits = await revised({ when: { holds: 'state.lastMag > 30', units: [] }, afterDays: 2 });
    expect(await attempt(fits)).toEqual({ state: 'called off' });
    expect((await stored()).answer?.status).toMatch(/^state.lastMag > 30 does not hold: state.lastMag is \d/);
  });
});
