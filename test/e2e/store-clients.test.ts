import type { AnyBulkWriteOperation } from 'mongodb';
import type { StateDocument } from '../../store/documents.js';
import type { Store } from '../../store/store.js';
import { differences } from '../kill/snapshot.js';
import { startStoreRig, type StoreRig } from './store-rig.js';

const CALLERS = 200;
const KEYS = 20;

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(async () => {
  await rig.stop();
});

type Write = AnyBulkWriteOperation<StateDocument>;

/** Makes the state where it is not there, and adds a channel to it. */
function addChannel(key: string, channel: string): Write {
  const added = { $setOnInsert: { stock: key, jd: 2458426.75 }, $addToSet: { channels: channel } };
  return { updateOne: { filter: { _id: key }, update: added, upsert: true } };
}

/** The server refuses to count up what is no number. */
function refused(key: string): Write {
  return { updateOne: { filter: { _id: key }, update: { $inc: { stock: 1 } } } } as unknown as Write;
}

/** Each caller has three of the keys, and each key many callers. */
function keysOf(caller: number): string[] {
  return [caller, caller + 1, caller * 7].map((n) => `state${n % KEYS}`);
}

const channelsOf = async (store: Store, key: string): Promise<readonly string[]> =>
  (await store.states.findOne({ _id: key }))?.channels ?? [];

const callers = Array.from({ length: CALLERS }, (_, i) => i);

describe('writes of many decisions at once', () => {
  it('have all arrived, each before its own decision hears of it', async () => {
    const { store, open } = await rig.freshPlace();
    const stores = [store, await open()];
    const missing: string[] = [];
    await Promise.all(
      stores.flatMap(({ grouped }, process) =>
        callers.map(async (caller) => {
          const channel = `C${process}_${caller}`;
          await grouped.writeStates.write(keysOf(caller).map((key) => addChannel(key, channel)));
          for (const key of keysOf(caller)) {
            if (!(await channelsOf(store, key)).includes(channel)) missing.push(`${channel} of ${key}`);
          }
        }),
      ),
    );
    expect(missing).toEqual([]);
    const expected = new Set(callers.flatMap((caller) => keysOf(caller).map((key) => `${key} C1_${caller}`))).size;
    const states = await store.states.find().toArray();
    expect(states).toHaveLength(KEYS);
    expect(states.flatMap(({ channels }) => channels)).toHaveLength(expected * stores.length);
  });

  it('fail for the one that the server refuses, and for nobody that shares its round trip or comes after', async () => {
    const { store } = await rig.freshPlace();
    const { writeStates } = store.grouped;
    await writeStates.write([addChannel('one', 'BEFORE')]);
    const sharing = await Promise.allSettled([
      writeStates.write([addChannel('two', 'GOOD')]),
      writeStates.write([refused('one')]),
      writeStates.write([]),
    ]);
    expect(sharing.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(sharing[1]).toMatchObject({ reason: { name: 'MongoBulkWriteError' } });
    await writeStates.write([addChannel('one', 'AFTER')]);
    expect(await channelsOf(store, 'two')).toEqual(['GOOD']);
    expect(await channelsOf(store, 'one')).toEqual(['BEFORE', 'AFTER']);
  });

  it('that come while another is under way have a round trip of their own, and its fate', async () => {
    const { store } = await rig.freshPlace();
    const { writeStates } = store.grouped;
    await writeStates.write([addChannel('one', 'BEFORE')]);
    const failing = writeStates.write([refused('one')]);
    const failed = expect(failing).rejects.toThrow('numeric type');
    // After the turn in which the first round trip is filled.
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const next = writeStates.write([addChannel('one', 'AFTER')]);
    await failed;
    await next;
    expect(await channelsOf(store, 'one')).toEqual(['BEFORE', 'AFTER']);
  });
});

describe('reads of many decisions at once', () => {
  it('give each what it asked for and no more', async () => {
    const { store } = await rig.freshPlace();
    const present = Array.from({ length: KEYS }, (_, i) => `state${i}`);
    await store.grouped.writeStates.write(present.map((key) => addChannel(key, 'WATCH')));
    await store.alerts.bulkWrite(
      present.flatMap((objectId) =>
        [1, 2].map((n) => ({
          updateOne: {
            filter: { _id: `${objectId}/${n}` },
            update: { $set: { objectId, candidate: {} } },
            upsert: true,
          },
        })),
      ),
    );
    const { alerts, alertLists } = store.grouped;
    await Promise.all(
      callers.map(async (caller) => {
        const asked = [...new Set(keysOf(caller))];
        const lists = await alertLists.read([...asked, 'nobody']);
        expect([...lists.keys()].sort()).toEqual([...asked].sort());
        for (const [objectId, list] of lists) {
          expect(list.map(({ _id }) => _id).sort()).toEqual([`${objectId}/1`, `${objectId}/2`]);
          expect(list[0]).not.toHaveProperty('candidate');
        }
        const found = await alerts.read([`${asked[0] ?? ''}/1`]);
        expect(found.get(`${asked[0] ?? ''}/1`)).toMatchObject([{ objectId: asked[0], candidate: {} }]);
      }),
    );
    expect(await alerts.read([])).toEqual(new Map());
  });

  it('fail for their callers where the server is not to be reached', async () => {
    const { open } = await rig.freshPlace();
    const store = await open();
    await store.close();
    const reads = await Promise.allSettled([store.grouped.alerts.read(['one']), store.grouped.alerts.read(['two'])]);
    expect(reads.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('a data base that is opened', () => {
  /** What the program looks for all the time, or in collections that grow for years. */
  const SEARCHES: readonly [string, (store: Store) => { explain(): Promise<unknown> }][] = [
    ['the alerts of an object', ({ alerts }) => alerts.find({ objectId: { $in: ['ZTF18abxhyqv'] } })],
    ['the undecided alerts of a stream', ({ alerts }) => alerts.find({ stream: 'june', pending: true })],
    ['the datapoints of an object', ({ datapoints }) => datapoints.find({ objects: 'ZTF18abxhyqv' })],
    ['an object by name', ({ stocks }) => stocks.find({ names: 'ZTF18abxhyqv' })],
    ['the objects in a part of the sky', ({ stocks }) => stocks.find({ healpix: { $gte: 1000, $lt: 2000 } })],
    [
      'the objects in a circle',
      ({ stocks }) => stocks.find({ geo: { $geoWithin: { $centerSphere: [[0, 60], 0.01] } } }),
    ],
    ['the states of an object', ({ states }) => states.find({ stock: '1' })],
    ['the results of a state', ({ results }) => results.find({ stock: '1', link: '2', channels: 'WATCH', code: 0 })],
    ['the failures of a unit', ({ results }) => results.find({ unit: 'T2Count', code: -4 })],
    ['the reactions to an object', ({ reactions }) => reactions.find({ stock: '1' })],
    ['the reactions whose outcome is not known', ({ reactions }) => reactions.find({ state: 'outcome unknown' })],
    ['the decisions on an object', ({ journal }) => journal.find({ stock: '1', sequence: { $gt: 1 } })],
    ['the receipts of a stream', ({ receipts }) => receipts.find({ stream: 'june' }).sort({ from: 1 })],
    ['the channels of a survey', ({ channels }) => channels.find({ streams: 'ztf', state: 'active' })],
    ['what a clock has passed', ({ deadlines }) => deadlines.find({ stream: 'june', dueJd: { $lte: 2458426.75 } })],
    ['the dead letters of a stream', ({ deadletters }) => deadletters.find({ stream: 'june' }).sort({ offset: 1 })],
  ];

  it('finds by index what is looked for often', async () => {
    const { store } = await rig.freshPlace();
    const plans = await Promise.all(
      SEARCHES.map(async ([what, search]) => [what, stagesOf(await search(store).explain())] as const),
    );
    expect(plans.filter(([, stages]) => !stages.includes('IXSCAN') || stages.includes('COLLSCAN'))).toEqual([]);
  });

  it('has the same indexes and documents when it is opened again, and by several programs at once', async () => {
    const { store, open, snapshot, indexes } = await rig.freshPlace();
    await store.grouped.writeStates.write([addChannel('one', 'WATCH')]);
    const before = await snapshot();
    const made = await indexes();
    expect(made.length).toBeGreaterThan(14);
    await open();
    await Promise.all([open(), open(), open()]);
    expect(await indexes()).toEqual(made);
    expect(differences(before, await snapshot())).toEqual([]);
  });

  it('is made whole by several programs that open it for the first time at once', async () => {
    const alone = await rig.freshPlace();
    const fresh = rig.emptyPlace();
    await Promise.all([fresh.open(), fresh.open(), fresh.open()]);
    expect(await fresh.indexes()).toEqual(await alone.indexes());
  });
});

/** The stages of the plan that the server has chosen. */
function stagesOf(explained: unknown): string[] {
  return Array.from(JSON.stringify(explained).matchAll(/"stage":"(\w+)"/g), ([, stage = '']) => stage);
}
