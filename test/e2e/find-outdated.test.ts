import { z } from 'zod';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { findOutdated } from '../../activities/find-outdated.js';
import { checkChannel } from '../../channels/check-channel.js';
import type { OutdatedPortion, RecomputeCursor, RecomputeRequest } from '../../model/recompute.js';
import { RESULT_CODE } from '../../store/documents.js';
import { defineT2, defineTiedT2, type T2Unit } from '../../units/define.js';
import { acceptAllFilter } from '../../units/t0/accept-all-filter.js';
import { ready, testRegistry } from '../ready-channel.js';
import { CANDIDATE, EARLIER, LIMIT } from '../ztf-packet.js';
import { DecidedObjects, ztfAlert } from './decided-objects.js';
import { startStoreRig, type StoreRig } from './store-rig.js';

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(() => rig.stop());

const config = z.strictObject({});
const facts = (name: string): Pick<T2Unit<typeof config>, 'name' | 'version' | 'summary' | 'config'> => ({
  ...{ name, version: '1.0.0', summary: `Gives what ${name} gives.` },
  config,
});

const t2Point = defineT2({
  ...facts('T2Point'),
  ...{ input: 'datapoint', cost: 'light', result: z.number() },
  run: ({ datapoint: { jd } }) => jd,
});
const t2Stock = defineT2({
  ...facts('T2Stock'),
  ...{ input: 'stock', cost: 'light', result: z.number() },
  run: ({ firstSeenJd, lastSeenJd }) => lastSeenJd - firstSeenJd,
});
const t2Peak = defineT2({
  ...facts('T2Peak'),
  ...{ input: 'lightCurve', cost: 'light', result: z.number() },
  run: ({ datapoints }) => datapoints.length,
});
const t2Type = defineTiedT2({
  ...facts('T2Type'),
  ...{ input: 'lightCurve', cost: 'light', result: z.number() },
  needs: [{ unit: 'T2Peak', of: 'same' }],
  run: (_, __, { T2Peak: peaks = [] }) => Number(peaks[0]?.body),
});
/** The course of types over all states: two steps away from the peak. */
const t2Course = defineTiedT2({
  ...facts('T2Course'),
  ...{ input: 'state', cost: 'light', result: z.array(z.number()) },
  needs: [{ unit: 'T2Type', of: 'states' }],
  run: (_, __, { T2Type: types = [] }) => types.map(({ body }) => Number(body)),
});

const JD = Number(CANDIDATE['jd']);
const NIGHTS = [0, 1, 2];
const alerts = NIGHTS.map((night) => {
  const candid = `67428527311501503${night}`;
  return ztfAlert({ candid, candidate: { jd: JD + night, candid, magpsf: 18.5 }, history: [EARLIER, LIMIT] });
});

const ALL: readonly T2Unit[] = [t2Point, t2Stock, t2Peak, t2Type, t2Course];
const REQUEST: RecomputeRequest = { perSecond: 10, requestedBy: 'anna', reason: 'a new version', requestedAtMs: 0 };
const T2 = '[{unit: T2Course}, {unit: T2Type}, {unit: T2Peak}, {unit: T2Point, points: all}, {unit: T2Stock}]';

/** An object of three nights with all that a channel wants to know of it. */
async function decided(t2 = T2, more = '', units: readonly T2Unit[] = ALL): Promise<DecidedObjects> {
  const registry = testRegistry(acceptAllFilter, ...units);
  const text = `name: NIGHTS\nversion: 1.0.0\nstream: ztf\naccess: [ZTF_PUB]\nt0: {unit: AcceptAllFilter}\nt2: ${t2}\n${more}`;
  const checked = checkChannel(text, 'NIGHTS.yaml', registry, () => Buffer.alloc(0));
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  const { store } = await rig.freshPlace();
  const objects = await new DecidedObjects(store, registry, [ready(checked.revision.channel, registry)]).start();
  for (const alert of alerts) {
    const { tasks } = await objects.take(alert);
    for (const task of tasks) await objects.run(alert, task).catch(() => undefined);
  }
  return objects;
}

/** The same objects in a build where this unit has version 2. */
function withVersion2({ store, channels }: DecidedObjects, unit: T2Unit): DecidedObjects {
  const units = ALL.map((one) => (one.name === unit.name ? { ...unit, version: '2.0.0' } : one));
  return new DecidedObjects(store, testRegistry(acceptAllFilter, ...units), channels);
}

function portionOf(
  { store, registry }: DecidedObjects,
  over: Partial<RecomputeRequest> = {},
  after?: RecomputeCursor,
): Promise<OutdatedPortion> {
  return findOutdated(store, new ChannelRevisions(store, registry), { ...REQUEST, ...over }, after);
}

/** What would be computed once more, as `unit: how many`. */
async function outdated(objects: DecidedObjects, over?: Partial<RecomputeRequest>): Promise<Record<string, number>> {
  const { runs } = await portionOf(objects, over);
  const counts: Record<string, number> = {};
  for (const { task } of runs) counts[task.unit] = (counts[task.unit] ?? 0) + 1;
  return counts;
}

async function computeAll(objects: DecidedObjects, { runs }: OutdatedPortion): Promise<void> {
  const [alert] = alerts;
  if (alert === undefined) throw new Error('no alert');
  for (const { task } of runs) await objects.run(alert, task);
}

describe('results of another version of a unit', () => {
  it('are none where all is as the channel asks for it', async () => {
    expect(await portionOf(await decided())).toEqual({ runs: [], looked: 3 });
  });

  it.each([
    { unit: t2Point, expected: { T2Point: 4 } },
    { unit: t2Stock, expected: { T2Stock: 1 } },
    { unit: t2Peak, expected: { T2Peak: 3, T2Type: 3, T2Course: 3 } },
    { unit: t2Type, expected: { T2Type: 3, T2Course: 3 } },
    { unit: t2Course, expected: { T2Course: 3 } },
  ])('are found with all that builds on them, however far: $unit.name', async ({ unit, expected }) => {
    const now = withVersion2(await decided(), unit);
    expect(await outdated(now)).toEqual(expected);
  });

  it('are made known to a channel that asks for them later, and are not computed again', async () => {
    const objects = await decided();
    const [own] = objects.channels;
    if (own === undefined) throw new Error('no channel');
    const late = ready({ ...own.channel, name: 'LATE' }, objects.registry);
    const { store, registry } = objects;
    const all = await new DecidedObjects(store, registry, [own, late]).start();
    await store.states.updateMany({}, { $addToSet: { channels: 'LATE' } });
    await store.stocks.updateMany({}, [{ $set: { 'channels.LATE': '$channels.NIGHTS' } }]);
    for await (const { _id, ...entry } of store.journal.find({ tier: 't0' })) {
      await store.journal.insertOne({ ...entry, _id: `late/${_id}`, channel: 'LATE', channelHash: late.hash });
    }
    const before = await store.results.find().sort({ _id: 1 }).toArray();
    await computeAll(all, await portionOf(all, { channel: 'LATE' }));
    const after = await store.results.find().sort({ _id: 1 }).toArray();
    expect(after).toEqual(before.map((one) => ({ ...one, channels: ['NIGHTS', 'LATE'] })));
    expect(await outdated(all)).toEqual({});
  });

  it('are computed in the order of the graph, beside those of before, and are not found again', async () => {
    const before = await decided();
    const course = await before.store.results.find({ unit: 'T2Course' }).toArray();
    const now = withVersion2(before, defineT2({ ...t2Peak, run: ({ datapoints }) => 100 + datapoints.length }));
    const portion = await portionOf(now);
    const places = new Map(portion.runs.map(({ task }, index) => [task.key, index]));
    for (const { task } of portion.runs) {
      for (const key of task.after ?? []) expect(places.get(key)).toBeLessThan(places.get(task.key) ?? -1);
    }
    await computeAll(now, portion);
    expect(await outdated(now)).toEqual({});
    expect(await now.store.results.countDocuments({ unit: 'T2Peak', version: '1.0.0' })).toBe(3);
    const courses = await now.store.results.find({ unit: 'T2Course' }).sort({ at: 1 }).toArray();
    expect(courses).toEqual(expect.arrayContaining(course));
    const longest = courses.filter(({ body }) => Array.isArray(body) && body.length === 3);
    const [first = Number.NaN, second = Number.NaN] = longest.map(({ body }) =>
      Array.isArray(body) ? Number(body[2]) : 0,
    );
    expect(second - first).toBe(100);
    expect(longest[1]?.needs).toMatchObject([{ unit: 'T2Type', version: '1.0.0', on: ['T2Peak@2.0.0'] }]);
  });

  it('are asked for by unit, with what it needs, by channel and by nights', async () => {
    const now = withVersion2(await decided(), t2Peak);
    expect(await outdated(now, { unit: 'T2Type' })).toEqual({ T2Peak: 3, T2Type: 3 });
    expect(await outdated(now, { unit: 'T2Stock' })).toEqual({});
    expect(await outdated(now, { channel: 'NIGHTS' })).toEqual({ T2Peak: 3, T2Type: 3, T2Course: 3 });
    expect(await outdated(now, { channel: 'OTHER' })).toEqual({});
    const lastNight = { fromJd: JD + 1.5, toJd: JD + 2.5 };
    expect(await outdated(now, { ...lastNight, unit: 'T2Peak' })).toEqual({ T2Peak: 1 });
    // The course of the last night is made from the states of all nights before.
    expect(await outdated(now, lastNight)).toEqual({ T2Peak: 3, T2Type: 3, T2Course: 1 });
    expect(await outdated(now, { toJd: JD + 0.5 })).toEqual({ T2Peak: 1, T2Type: 1, T2Course: 1 });
  });

  it('are no business of a channel that is stopped', async () => {
    const now = withVersion2(await decided(), t2Peak);
    await now.store.channels.updateOne({ _id: 'NIGHTS' }, { $set: { state: 'stopped' } });
    expect(await portionOf(now)).toEqual({ runs: [], looked: 0 });
  });

  it('come from where a portion was broken off', async () => {
    const now = withVersion2(await decided(), t2Peak);
    const { runs } = await portionOf(now);
    const [{ stock } = { stock: '' }] = runs;
    const wanted = await outdated(now);
    const all = Object.values(wanted).reduce((sum, one) => sum + one, 0);
    const rest = await portionOf(now, {}, { stock, results: 5 });
    expect(rest.runs.length).toBeLessThan(all);
    expect(runs).toEqual(expect.arrayContaining([...rest.runs]));
    expect(await portionOf(now, {}, { stock })).toEqual({ runs: [], looked: 0 });
  });

  it('are made by a worker of that version only', async () => {
    const before = await decided();
    const { runs } = await portionOf(withVersion2(before, t2Peak), { unit: 'T2Peak' });
    await expect(computeAll(before, { runs, looked: 3 })).rejects.toThrow(
      'this worker has T2Peak 1.0.0, asked for is 2.0.0',
    );
    expect(await before.store.results.distinct('version', { unit: 'T2Peak' })).toEqual(['1.0.0']);
  });
});

describe('states that were made in retrospect', () => {
  it('have their results too, except of what compares accepted states', async () => {
    const objects = await decided(T2, 't1: {retro: true}\n');
    const now = withVersion2(objects, t2Peak);
    const states = await now.store.states.countDocuments();
    expect(states).toBeGreaterThan(3);
    expect(await outdated(objects)).toEqual({});
    expect(await outdated(now)).toEqual({ T2Peak: states, T2Type: states, T2Course: 3 });
  });
});

describe('a channel that may see less than before', () => {
  it('has nothing computed of states with what it may not see', async () => {
    const now = withVersion2(await decided(), t2Peak);
    await now.store.datapoints.updateMany({ jd: JD + 1 }, { $set: { tags: ['ZTF', 'ZTF_PRIV', 'ZTF_G'] } });
    expect(await outdated(now, { unit: 'T2Peak' })).toEqual({ T2Peak: 1 });
  });
});

describe('results that failed for good', () => {
  it('are found where they are asked for, and once only', async () => {
    const broken = defineT2({
      ...{ ...facts('T2Failing'), input: 'lightCurve', cost: 'light', result: z.number() },
      run: () => {
        throw new RangeError('no root');
      },
    });
    const objects = await decided('[{unit: T2Failing}]', '', [broken]);
    expect(await objects.store.results.distinct('code')).toEqual([RESULT_CODE.exception]);
    expect(await outdated(objects)).toEqual({});
    const requestedAtMs = Date.now() + 1;
    expect(await outdated(objects, { failed: true, requestedAtMs })).toEqual({ T2Failing: 3 });
    // Since then they were tried.
    expect(await outdated(objects, { failed: true, requestedAtMs: 0 })).toEqual({});
  });
});
