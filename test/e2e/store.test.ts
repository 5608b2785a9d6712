import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { activateChannel } from '../../activities/channel-life.js';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { decide } from '../../activities/decide.js';
import { persistAlerts, persistReceipt } from '../../activities/persist.js';
import { react } from '../../activities/react.js';
import { runUnit } from '../../activities/run-unit.js';
import type { ScreenedBatch } from '../../activities/screen.js';
import type { Deadline } from '../../model/deadline.js';
import type { DecideOutcome, DecideRequest, ReactOutcome, UnitOutcome, UnitTask } from '../../model/transient.js';
import type { ReactionDocument } from '../../store/documents.js';
import type { Store } from '../../store/store.js';
import { differences, type Snapshot } from '../kill/snapshot.js';
import { OBJECT, STOCK } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { batches, detections, NEIGHBOUR, SLOW_UNIT, watch } from './watched-object.js';

const WATCH = watch().ready;
const CLOCK = { stream: 'june' };
const SUBJECT = { survey: 'ztf', objectId: OBJECT, stock: STOCK, clock: CLOCK };

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(async () => {
  await rig.stop();
});

/** Runs an activity, at which attempt Temporal likes. */
function inActivity<Result>(work: () => Promise<Result>, attempt = 1): Promise<Result> {
  return new MockActivityEnvironment({ attempt }).run(work);
}

async function write(store: Store, written: readonly ScreenedBatch[]): Promise<void> {
  for (const batch of written) {
    await persistAlerts(store, 'june', batch.forwarded);
    await persistReceipt(store, 'june', batch);
  }
}

/** A place where the packets have been read for the channel, and nothing is decided. */
async function placeWithAlerts(): Promise<Place> {
  const place = await rig.freshPlace();
  await activateChannel(place.store, WATCH);
  await write(place.store, batches(WATCH, 100));
  return place;
}

function decideOn({ store }: Place, over: Partial<DecideRequest> = {}): Promise<DecideOutcome> {
  const revisions = new ChannelRevisions(store, watch().registry);
  const request = { ...SUBJECT, detections: detections(WATCH), pending: [], ...over };
  return inActivity(() => decide(store, revisions, request));
}

function counts(snapshot: Snapshot): Record<string, number> {
  return Object.fromEntries(Array.from(snapshot, ([name, documents]) => [name, documents.size]));
}

describe('a batch of alerts', () => {
  it('is in the store once, however often it is written', async () => {
    const { store, snapshot } = await rig.freshPlace();
    await write(store, batches(WATCH, 100));
    const once = await snapshot();
    expect(counts(once)).toMatchObject({ alerts: 8, stocks: 2, datapoints: 9, receipts: 1, deadletters: 1 });
    await write(store, batches(WATCH, 100));
    expect(differences(once, await snapshot())).toEqual([]);
  });

  it('is in the store once when several readers write it at the same time', async () => {
    const alone = await rig.freshPlace();
    await write(alone.store, batches(WATCH, 100));
    const { store, open, snapshot } = await rig.freshPlace();
    const readers = [store, await open(), await open()];
    await Promise.all(readers.map((one) => write(one, batches(WATCH, 100))));
    const expected = await alone.snapshot();
    expect(differences(expected, await snapshot())).toEqual([]);
  });

  it('shares an upper limit with the alerts of another object that are written at the same time', async () => {
    const { store, open } = await rig.freshPlace();
    const readers = [store, await open()];
    const [batch] = batches(WATCH, 100);
    await Promise.all(
      [OBJECT, NEIGHBOUR].map(async (objectId, i) => {
        const own = (batch?.forwarded ?? []).filter(({ alert }) => alert.objectId === objectId);
        await persistAlerts(readers[i] ?? store, objectId, own);
      }),
    );
    const limits = await store.datapoints.find({ kind: 'upperLimit' }).toArray();
    expect(limits.map(({ objects }) => [...objects].sort())).toEqual([[NEIGHBOUR, OBJECT]]);
    expect(await store.datapoints.countDocuments({ kind: 'detection' })).toBe(8);
  });

  it.each([
    ['in batches of one', batches(WATCH, 1)],
    ['in batches of four', batches(WATCH, 4)],
    ['in batches of two, the last first', batches(WATCH, 2).reverse()],
  ])('gives the same datapoints, stocks and alerts %s', async (_, cut) => {
    const whole = await rig.freshPlace();
    const other = await rig.freshPlace();
    await write(whole.store, batches(WATCH, 100));
    await write(other.store, cut);
    for (const { store } of [whole, other]) await forgetBounds(store);
    const expected = await whole.snapshot();
    expect(counts(expected)).toMatchObject({ alerts: 8, stocks: 2, datapoints: 9 });
    expect(differences(expected, await other.snapshot())).toEqual([]);
  });

  it('leaves each datapoint the body that came first, and each alert the candidate of its own packet', async () => {
    const { store } = await rig.freshPlace();
    const [first] = batches(WATCH, 100);
    const [early, late] = (first?.forwarded ?? []).filter(({ alert }) => alert.objectId === OBJECT);
    if (early === undefined || late === undefined) throw new Error('the object has too few alerts');
    const id = early.alert.alertId;
    // A later packet's history has less of the earlier measurement.
    const short = late.alert.datapoints.map((point) =>
      point.id === id ? { ...point, body: { magpsf: 18.5 } } : point,
    );
    await persistAlerts(store, 'june', [{ ...late, alert: { ...late.alert, datapoints: short } }]);
    await persistAlerts(store, 'june', [early]);
    expect((await store.datapoints.findOne({ _id: `ztf:${id}` }))?.body).toEqual({ magpsf: 18.5 });
    expect((await store.alerts.findOne({ _id: `ztf:${id}` }))?.candidate).toEqual(early.alert.candidate);
  });
});

/** Receipts are cut by position, sets have no order, and a channel follows an object from what came first. */
async function forgetBounds(store: Store): Promise<void> {
  const sorted = (field: string): object => ({ $sortArray: { input: `$${field}`, sortBy: 1 } });
  await store.datapoints.updateMany({}, [{ $set: { objects: sorted('objects'), channels: sorted('channels') } }]);
  await store.stocks.updateMany({}, { $unset: { follows: true } });
  await store.receipts.deleteMany({});
}

describe('a decision', () => {
  it('that is made twice leaves the same documents and has the same outcome', async () => {
    const place = await placeWithAlerts();
    const outcome = await decideOn(place);
    const once = await place.snapshot();
    expect(outcome.decisions.map(({ accepted }) => accepted)).toEqual([true, false, true, true]);
    expect(outcome).toMatchObject({ computed: 3, tasks: [{ unit: SLOW_UNIT }, {}, {}] });
    expect(outcome.due.map(({ rule }) => rule)).toEqual(['tell', 'lost']);
    expect(outcome.pending.map(({ rule }) => rule)).toEqual(['lost']);
    expect(counts(once)).toMatchObject({ states: 3, results: 3, reactions: 2, journal: 7, deadlines: 1 });
    const again = await decideOn(place);
    expect(sortedKeys(again)).toEqual(sortedKeys(outcome));
    expect(differences(once, await place.snapshot())).toEqual([]);
  });

  it('is the same where an attempt that knew fewer of the alerts was lost', async () => {
    const place = await placeWithAlerts();
    const undisturbed = await placeWithAlerts();
    const outcome = await decideOn(undisturbed);
    await decideOn(place, { detections: detections(WATCH).slice(0, 1) });
    await decideOn(place, { detections: detections(WATCH).slice(0, 3) });
    expect(sortedKeys(await decideOn(place))).toEqual(sortedKeys(outcome));
    const expected = await undisturbed.snapshot();
    expect(differences(expected, await place.snapshot())).toEqual([]);
  });

  it.each([
    ['live' as const, 'first', detections(WATCH)],
    [CLOCK, 'first', detections(WATCH)],
    [CLOCK, 'last', detections(WATCH).reverse()],
  ])('on alerts as they come is as on all at once, clock: %j, the earliest %s', async (clock, _, order) => {
    const together = await placeWithAlerts();
    const all = await decideOn(together, { clock, detections: order });
    const place = await rig.freshPlace();
    await activateChannel(place.store, WATCH);
    const steps: DecideOutcome[] = [];
    for (const detection of order) {
      const one = batches(WATCH, 100).flatMap(({ forwarded }) =>
        forwarded.filter(({ alert }) => alert.alertId === detection.alertId),
      );
      await persistAlerts(place.store, 'june', one);
      const { pending = [], settled = [] } = steps.at(-1) ?? {};
      steps.push(await decideOn(place, { clock, detections: [detection], pending, settled }));
    }
    expect(steps.flatMap(({ decisions }) => decisions)).toEqual(all.decisions);
    expect(steps.flatMap(({ tasks }) => tasks)).toEqual(all.tasks);
    expect(steps.flatMap(({ due }) => due)).toEqual(all.due);
    expect(steps.at(-1)?.pending).toEqual(all.pending);
    // What the decisions do not touch: the neighbour's alerts.
    await write(place.store, batches(WATCH, 100));
    for (const { store } of [together, place]) await forgetBounds(store);
    const expected = await together.snapshot();
    expect(differences(expected, await place.snapshot())).toEqual([]);
  });

  it('is not undone by a reader that writes its alerts again', async () => {
    const place = await placeWithAlerts();
    await decideOn(place);
    const decided = await place.snapshot();
    await write(place.store, batches(WATCH, 100));
    expect(differences(decided, await place.snapshot())).toEqual([]);
    expect(await place.store.alerts.countDocuments({ objectId: OBJECT, pending: true })).toBe(0);
    expect(await place.store.alerts.countDocuments({ objectId: NEIGHBOUR, pending: true })).toBe(4);
  });

  it('is not disturbed by a packet that claims the same alert id for another object', async () => {
    const undisturbed = await placeWithAlerts();
    await decideOn(undisturbed);
    const place = await placeWithAlerts();
    const [own] = detections(WATCH);
    if (own === undefined) throw new Error('there is no alert');
    // Its own object has not decided on it yet.
    const other = await place.store.stocks.findOne({ names: NEIGHBOUR });
    const stock = other?._id ?? '';
    await decideOn(place, { objectId: NEIGHBOUR, stock, detections: [own] }).catch(() => undefined);
    await decideOn(place);
    const expected = await undisturbed.snapshot();
    expect(differences(expected, await place.snapshot())).toEqual([]);
  });
});

/** What was set off before is a set: the store tells of it in another order than the step. */
function sortedKeys({ settled, ...outcome }: DecideOutcome): object {
  return { ...outcome, settled: [...settled].sort() };
}

describe('a T2 unit', () => {
  let place: Place;
  let task: UnitTask;

  beforeEach(async () => {
    place = await placeWithAlerts();
    const [first] = (await decideOn(place)).tasks;
    if (first === undefined) throw new Error('no unit was asked for');
    task = first;
  });

  /** Runs the heavy unit of a build where it counts so. */
  function run(slowCount?: (points: number) => number): Promise<UnitOutcome> {
    const revisions = new ChannelRevisions(place.store, watch(slowCount).registry);
    return inActivity(() => runUnit(place.store, revisions, { ...SUBJECT, task }));
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

  it('never replaces a good result by an error', async () => {
    await run();
    const good = await place.snapshot();
    await expect(run(broken)).rejects.toThrow('the fit does not converge');
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
    place = await placeWithAlerts();
    const [first] = (await decideOn(place)).due;
    if (first === undefined) throw new Error('no reaction is due');
    deadline = first;
    told = [];
  });

  function tell(answer: () => Response | Promise<Response>, attempt = 1): Promise<ReactOutcome> {
    const { registry } = watch();
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
});
