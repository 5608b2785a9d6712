import { ApplicationFailure } from '@temporalio/common';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { react } from '../../activities/react.js';
import { runUnit } from '../../activities/run-unit.js';
import { runnerInThisThread } from '../../activities/unit-runner.js';
import { NO_CLIENTS } from '../../units/no-clients.js';
import type { Deadline } from '../../model/deadline.js';
import type { ReactOutcome, UnitOutcome, UnitTask } from '../../model/transient.js';
import type { ReactionDocument } from '../../store/documents.js';
import type { T3Unit } from '../../units/define.js';
import type { Registry } from '../../units/registry.js';
import { differences, type Snapshot } from '../kill/snapshot.js';
import { STOCK } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { SLOW_UNIT, watch } from './watched-object.js';
import { decideOn, inActivity, placeWithAlerts, SUBJECT } from './watched-store.js';

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(async () => {
  await rig.stop();
});

describe('a T2 unit', () => {
  let place: Place;
  let task: UnitTask;

  beforeEach(async () => {
    place = await placeWithAlerts(rig);
    const [first] = (await decideOn(place)).tasks;
    if (first === undefined) throw new Error('no unit was asked for');
    task = first;
  });

  /** Runs the heavy unit of a build where it counts so. */
  function run(slowCount?: (points: number) => number): Promise<UnitOutcome> {
    const { store } = place;
    const { registry } = watch(slowCount);
    const revisions = new ChannelRevisions(store, registry);
    const deps = { store, registry, revisions, runner: runnerInThisThread(registry), clients: NO_CLIENTS.clients };
    return inActivity(() => runUnit(deps, { ...SUBJECT, task }));
  }

  const broken = (): number => {
    throw new RangeError('the fit does not converge');
  };

  it('that runs twice leaves one result and sets off the same reaction', async () => {
    const outcome = await run();
    const once = await place.snapshot();
    expect(outcome).toMatchObject({ code: 0, deadlines: [{ rule: 'report' }] });
    expect(await run()).toEqual(outcome);
    expect(differences(once, await place.snapshot())).toEqual([]);
    expect(await place.store.results.countDocuments({ unit: SLOW_UNIT })).toBe(1);
  });

  it('that throws leaves its error, which a later good run replaces', async () => {
    const failure = await run(broken).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ nonRetryable: true, type: 'UnitFailed' });
    const { store } = place;
    const failed = await store.results.findOne({ _id: task.key });
    expect(failed).toMatchObject({ code: -4, body: null, error: 'the fit does not converge', channels: ['WATCH'] });
    await run();
    const good = await store.results.findOne({ _id: task.key });
    expect(good).toMatchObject({ code: 0, body: 2, channels: ['WATCH'] });
    expect(good).not.toHaveProperty('error');
    const outcomes = await store.journal.find({ tier: 't2', unit: SLOW_UNIT }).sort({ outcome: 1 }).toArray();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['computed', 'failed']);
  });

  it('is not asked a second time for a result that is there', async () => {
    await run();
    const good = await place.snapshot();
    await run(broken);
    const after = await place.snapshot();
    expect(differences(pick(good, 'results'), pick(after, 'results'))).toEqual([]);
  });
});

function pick(snapshot: Snapshot, name: string): Snapshot {
  return new Map([[name, snapshot.get(name) ?? new Map<string, string>()]]);
}

describe('a reaction', () => {
  let place: Place;
  let deadline: Deadline;
  /** What the receiver was told: the key and the message. */
  let told: { readonly key: string | null; readonly body: unknown }[];

  beforeEach(async () => {
    place = await placeWithAlerts(rig);
    const [first] = (await decideOn(place)).due;
    if (first === undefined) throw new Error('no reaction is due');
    deadline = first;
    told = [];
  });

  function tell(
    answer: () => Response | Promise<Response>,
    attempt = 1,
    compose?: T3Unit['compose'],
  ): Promise<ReactOutcome> {
    const { registry: known } = watch();
    const registry: Registry =
      compose === undefined ? known : { ...known, t3: (name) => ({ ...known.t3(name), compose }) };
    const { store } = place;
    const fetch: typeof globalThis.fetch = (_url, init) => {
      told.push({ key: new Headers(init?.headers).get('idempotency-key'), body: init?.body });
      return Promise.resolve(answer());
    };
    const deps = {
      store,
      registry,
      revisions: new ChannelRevisions(store, registry),
      clients: { fetch, secret: String },
    };
    return inActivity(() => react(deps, { ...SUBJECT, deadline }), attempt);
  }

  const stored = (): Promise<ReactionDocument | null> => place.store.reactions.findOne({ _id: deadline.key });

  it('that is carried out twice is sent once', async () => {
    const outcome = await tell(() => new Response('taken'));
    expect(outcome).toEqual({ state: 'confirmed', status: '200' });
    const once = await place.snapshot();
    expect(await tell(() => new Response('again'), 2)).toEqual(outcome);
    expect(told.map(({ key }) => key)).toEqual([deadline.key]);
    expect(differences(once, await place.snapshot())).toEqual([]);
  });

  it('is in the store with its message before anything is sent', async () => {
    let seen: ReactionDocument | null = null;
    await tell(async () => {
      seen = await stored();
      return new Response('taken');
    });
    expect(seen).toMatchObject({ state: 'sent', rule: 'tell', alertId: deadline.alertId });
    expect(JSON.stringify(seen)).toContain(`"key":"${deadline.key}"`);
    expect(seen).not.toHaveProperty('answer');
  });

  it('whose answer is lost is tried again with the same key and in the same words', async () => {
    const lost = tell(() => Promise.reject(new Error('socket hang up')));
    await expect(lost).rejects.toThrow('could not be reached: socket hang up');
    const before = await stored();
    expect(before).toMatchObject({ state: 'outcome unknown', attempts: 1 });
    // Composed now, it would have other words.
    await place.store.stocks.updateOne({ _id: STOCK }, { $set: { position: { ra: 1, dec: 1 } } });
    expect(await tell(() => new Response('taken'), 2)).toMatchObject({ state: 'confirmed' });
    expect(told).toHaveLength(2);
    expect(told[1]).toEqual(told[0]);
    expect(told[0]?.key).toBe(deadline.key);
    expect(await stored()).toMatchObject({ state: 'confirmed', attempts: 2, message: before?.message });
    const journal = await place.store.journal.find({ tier: 't3' }).sort({ outcome: 1 }).toArray();
    expect(journal.map(({ outcome }) => outcome)).toEqual(['confirmed', 'outcome unknown']);
  });

  it('that the receiver refuses has failed for good', async () => {
    const refusal = await tell(() => new Response('no such hook', { status: 404 })).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ApplicationFailure);
    expect(refusal).toMatchObject({ nonRetryable: true, type: 'ReactionRefused' });
    expect(await stored()).toMatchObject({
      state: 'failed',
      answer: { status: expect.stringContaining('404') as string },
    });
    expect(told).toHaveLength(1);
  });

  it('that a slow unit set off is called off by an exposure that was accepted meanwhile and before it fell due', async () => {
    const slow = { rule: 'lost', unless: 'detection' } as const;
    deadline = { ...deadline, ...slow, key: 'WATCH/lost/late', dueJd: deadline.setJd + 365 };
    expect(await tell(() => new Response('taken'))).toEqual({ state: 'called off' });
    expect(await stored()).toMatchObject({ state: 'called off', attempts: 0 });
    expect(await stored()).not.toHaveProperty('message');
    expect(told).toEqual([]);

    deadline = { ...deadline, key: 'WATCH/lost/at-once', dueJd: deadline.setJd + 1e-6 };
    expect(await tell(() => new Response('taken'))).toMatchObject({ state: 'confirmed' });
    expect(told.map(({ key }) => key)).toEqual(['WATCH/lost/at-once']);
  });

  it('that cannot be composed has failed for good, and no clock waits for it', async () => {
    const compose = (): never => {
      throw new TypeError('no such colour');
    };
    const failure = await tell(() => new Response('taken'), 1, compose).catch((error: unknown) => error);
    expect(failure).toMatchObject({ nonRetryable: true, type: 'ReactionRefused' });
    expect(await stored()).toMatchObject({ state: 'failed', attempts: 0 });
    expect((await stored())?.answer?.status).toContain('cannot compose: no such colour');
    expect(await place.store.deadlines.countDocuments({ _id: deadline.key })).toBe(0);
    expect(told).toEqual([]);
  });
});
