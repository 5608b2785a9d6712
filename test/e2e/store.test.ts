import { activateChannel } from '../../activities/channel-life.js';
import { persistAlerts } from '../../activities/persist-alerts.js';
import type { DecideOutcome } from '../../model/transient.js';
import type { Store } from '../../store/store.js';
import { differences, type Snapshot } from '../kill/snapshot.js';
import { OBJECT } from '../ztf-packet.js';
import { startStoreRig, type StoreRig } from './store-rig.js';
import { batches, detections, NEIGHBOUR, SLOW_UNIT } from './watched-object.js';
import { CLOCK, decideOn, placeWithAlerts, WATCH, write } from './watched-store.js';

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(async () => {
  await rig.stop();
});

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
  for (const told of [store.receipts, store.receiptFilters, store.screenings]) await told.deleteMany({});
}

describe('a decision', () => {
  it('that is made twice leaves the same documents and has the same outcome', async () => {
    const place = await placeWithAlerts(rig);
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
    const place = await placeWithAlerts(rig);
    const undisturbed = await placeWithAlerts(rig);
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
    const together = await placeWithAlerts(rig);
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
    const place = await placeWithAlerts(rig);
    await decideOn(place);
    const decided = await place.snapshot();
    await write(place.store, batches(WATCH, 100));
    expect(differences(decided, await place.snapshot())).toEqual([]);
    expect(await place.store.alerts.countDocuments({ objectId: OBJECT, pending: true })).toBe(0);
    expect(await place.store.alerts.countDocuments({ objectId: NEIGHBOUR, pending: true })).toBe(4);
  });

  it('is not disturbed by a packet that claims the same alert id for another object', async () => {
    const undisturbed = await placeWithAlerts(rig);
    await decideOn(undisturbed);
    const place = await placeWithAlerts(rig);
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
