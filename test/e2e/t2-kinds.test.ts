import { z } from 'zod';
import type { ReadyChannel } from '../../activities/channel-revisions.js';
import { checkChannel } from '../../channels/check-channel.js';
import type { UnitTask } from '../../model/transient.js';
import { RESULT_CODE } from '../../store/documents.js';
import {
  BadInput,
  defineRemoteT2,
  defineT2,
  defineTiedT2,
  TryAgain,
  type T2Unit,
  type Unit,
} from '../../units/define.js';
import { NO_CLIENTS } from '../../units/no-clients.js';
import { acceptAllFilter } from '../../units/t0/accept-all-filter.js';
import { ready, testRegistry } from '../ready-channel.js';
import { CANDIDATE, EARLIER, LIMIT, STOCK } from '../ztf-packet.js';
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
  ...{ input: 'datapoint', cost: 'light', result: z.number().nullable() },
  run: ({ datapoint: { body } }) => Number(body['magpsf'] ?? Number.NaN) || null,
});
const t2Stock = defineT2({
  ...facts('T2Stock'),
  ...{ input: 'stock', cost: 'light', result: z.number() },
  run: ({ firstSeenJd, lastSeenJd }) => lastSeenJd - firstSeenJd,
});
const t2State = defineT2({
  ...facts('T2State'),
  ...{ input: 'state', cost: 'light', result: z.array(z.string()) },
  run: ({ datapoints }) => datapoints.map(({ id }) => id),
});
const t2Curve = defineT2({
  ...facts('T2Curve'),
  ...{ input: 'lightCurve', cost: 'heavy', result: z.number() },
  run: ({ datapoints }) => datapoints.length,
});
const t2Tied = defineTiedT2({
  ...facts('T2Tied'),
  ...{ input: 'lightCurve', cost: 'light', result: z.string() },
  needs: [
    { unit: 'T2State', of: 'same' },
    { unit: 'T2Curve', of: 'same' },
    { unit: 'T2Stock', of: 'stock' },
    { unit: 'T2Point', of: 'datapoint' },
  ],
  run: (_, __, needed) =>
    JSON.stringify(Object.fromEntries(Object.entries(needed).map(([unit, [one]]) => [unit, one?.body ?? null]))),
});
const t2Course = defineTiedT2({
  ...facts('T2Course'),
  ...{ input: 'state', cost: 'light', result: z.array(z.number()) },
  needs: [{ unit: 'T2State', of: 'states' }],
  run: (_, __, { T2State: states = [] }) => states.map(({ body }) => (Array.isArray(body) ? body.length : -1)),
});
const t2Service = defineRemoteT2({
  ...facts('T2Service'),
  ...{ input: 'stock', result: z.string(), execution: { attempts: 3 } },
  async run(_, __, ___, { clients }) {
    const answer = await clients.fetch('http://catalogue.example/');
    if (answer.status === 503) throw new TryAgain('the catalogue is away', 1000);
    return await answer.text();
  },
});

const units: Unit[] = [t2Point, t2Stock, t2State, t2Curve, t2Tied, t2Course, t2Service];
const JD = Number(CANDIDATE['jd']);
const first = ztfAlert({ candidate: { magpsf: 18.5 }, history: [EARLIER, LIMIT] });
const CANDID = '674285273115015035';
const second = ztfAlert({ candid: CANDID, candidate: { jd: JD + 1, candid: CANDID, magpsf: 18 }, history: [EARLIER] });

/** A channel whose `t2` is this, in a build with these units. */
async function objectsOf(t2: string, ...more: readonly Unit[]): Promise<DecidedObjects> {
  const registry = testRegistry(acceptAllFilter, ...units, ...more);
  const text = `name: KINDS\nversion: 1.0.0\nstream: ztf\naccess: [ZTF_PUB]\nt0: {unit: AcceptAllFilter}\nt2: ${t2}\n`;
  const checked = checkChannel(text, 'KINDS.yaml', registry, () => Buffer.alloc(0));
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  const channels: ReadyChannel[] = [ready(checked.revision.channel, registry)];
  return await new DecidedObjects((await rig.freshPlace()).store, registry, channels).start();
}

/** What the store has of a unit, in order of time of writing. */
async function bodiesOf({ store }: DecidedObjects, unit: string): Promise<unknown[]> {
  const found = await store.results.find({ unit }).sort({ at: 1, link: 1 }).toArray();
  return found.map(({ code, body }) => (code === RESULT_CODE.ok ? body : code));
}

function taskOf(tasks: readonly UnitTask[], unit: string): UnitTask {
  const task = tasks.find((one) => one.unit === unit);
  if (task === undefined) throw new Error(`${unit} was not asked for`);
  return task;
}

describe('a T2 unit over a datapoint', () => {
  it.each([
    ['', [18.5]],
    [', points: last', [18.5]],
    [', points: first', [18.75]],
    [', points: first accepted', [18.5]],
    [', points: all', [18.5, 18.75]],
    [', tag: ZTF_G', []],
  ])('is computed for the points that the channel selects: {unit: T2Point%s}', async (selection, expected) => {
    const objects = await objectsOf(`[{unit: T2Point${selection}}]`);
    await objects.take(first);
    expect((await bodiesOf(objects, 'T2Point')).sort()).toEqual(expected);
  });

  it('is computed once for a point, however many states hold it', async () => {
    const objects = await objectsOf('[{unit: T2Point, points: all}]');
    await objects.take(first);
    await objects.take(second);
    expect((await bodiesOf(objects, 'T2Point')).sort()).toEqual([18, 18.5, 18.75]);
    expect(await objects.store.results.distinct('kind')).toEqual(['datapoint']);
  });
});

describe('a T2 unit over a stock', () => {
  it('is computed once for the object', async () => {
    const objects = await objectsOf('[{unit: T2Stock}]');
    await objects.take(first);
    await objects.take(second);
    expect(await objects.store.results.find({}).toArray()).toMatchObject([
      { kind: 'stock', link: STOCK, body: JD - Number(LIMIT['jd']) },
    ]);
  });
});

describe('a T2 unit over a state', () => {
  it('gets the points by their ids, as AMPEL stores them, and has a result for each state', async () => {
    const objects = await objectsOf('[{unit: T2State}]');
    await objects.take(first);
    await objects.take(second);
    const states = await objects.store.states.find({}).sort({ jd: 1 }).toArray();
    expect(await bodiesOf(objects, 'T2State')).toEqual(states.map(({ datapoints }) => datapoints));
  });
});

describe('a heavy T2 unit over a light curve', () => {
  it('is an activity of its own with a result for its state', async () => {
    const objects = await objectsOf('[{unit: T2Curve}]');
    const { tasks } = await objects.take(first);
    expect(await objects.run(first, taskOf(tasks, 'T2Curve'))).toMatchObject({ code: 0 });
    expect(await bodiesOf(objects, 'T2Curve')).toEqual([3]);
  });
});

describe('a tied T2 unit', () => {
  const ALL = '[{unit: T2Tied}, {unit: T2Point}, {unit: T2Stock}, {unit: T2Curve}, {unit: T2State}]';

  it('gets the results of the units that it needs, of its state, its object and a point, and names them', async () => {
    const objects = await objectsOf(ALL);
    const { tasks } = await objects.take(first);
    const [curve, tied] = [taskOf(tasks, 'T2Curve'), taskOf(tasks, 'T2Tied')];
    expect(tied.after).toContain(curve.key);
    await objects.run(first, curve);
    await objects.run(first, tied);
    const [state] = await objects.store.states.find({}).toArray();
    const result = await objects.store.results.findOne({ unit: 'T2Tied' });
    expect(JSON.parse(z.string().parse(result?.body))).toEqual({
      ...{ T2State: state?.datapoints, T2Curve: 3, T2Stock: JD - Number(LIMIT['jd']), T2Point: 18.5 },
    });
    expect(result?.needed).toContain(curve.key);
  });

  it('fails with the code of a missing dependency where there is no result to build on', async () => {
    const objects = await objectsOf(ALL);
    const { tasks } = await objects.take(first);
    await expect(objects.run(first, taskOf(tasks, 'T2Tied'))).rejects.toThrow('needs a result of T2Curve');
    expect(await bodiesOf(objects, 'T2Tied')).toEqual([RESULT_CODE.missingDependency]);
  });

  it('over several states gets what each of them gave, in order', async () => {
    const objects = await objectsOf('[{unit: T2Course}, {unit: T2State}]');
    const [one, two] = [await objects.take(first), await objects.take(second)];
    await objects.run(first, taskOf(one.tasks, 'T2Course'));
    await objects.run(second, taskOf(two.tasks, 'T2Course'));
    expect(await bodiesOf(objects, 'T2Course')).toEqual([[3], [3, 4]]);
  });
});

describe('a T2 unit that asks a service', () => {
  const answering = (status: number, text: string): typeof NO_CLIENTS.clients => ({
    ...NO_CLIENTS.clients,
    fetch: () => Promise.resolve(new Response(text, { status })),
  });

  it("is tried again when the service likes, and given up with AMPEL's code after its attempts", async () => {
    const objects = await objectsOf('[{unit: T2Service}]');
    const task = taskOf((await objects.take(first)).tasks, 'T2Service');
    const away = answering(503, '');
    await expect(objects.run(first, task, away)).rejects.toMatchObject({ type: 'TryAgain', nextRetryDelay: 1000 });
    expect(await bodiesOf(objects, 'T2Service')).toEqual([]);
    await expect(objects.run(first, task, away, 3)).rejects.toMatchObject({ type: 'UnitFailed' });
    expect(await bodiesOf(objects, 'T2Service')).toEqual([RESULT_CODE.tooManyTrials]);
    await objects.run(first, task, answering(200, 'SN Ia'));
    expect(await bodiesOf(objects, 'T2Service')).toEqual(['SN Ia']);
  });
});

describe('a T2 unit whose service never answers', () => {
  it('is given up after its time, though it does not heed its signal, and is tried again', async () => {
    const deaf = defineRemoteT2({
      ...facts('T2Deaf'),
      ...{ input: 'stock', result: z.string(), execution: { timeoutMs: 200 } },
      run: () => new Promise<string>(() => undefined),
    });
    const objects = await objectsOf('[{unit: T2Deaf}]', deaf);
    const [task] = (await objects.take(first)).tasks;
    if (task === undefined) throw new Error('no task');
    await expect(objects.run(first, task)).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringContaining('T2Deaf had no answer within 0.2 s') as string,
    });
    expect(await objects.store.results.countDocuments()).toBe(0);
  });
});

describe('a T2 unit that fails', () => {
  const failing = (run: () => number): Unit =>
    defineT2({ ...facts('T2Failing'), ...{ input: 'lightCurve', cost: 'light', result: z.number() }, run });
  const huge = defineT2({
    ...facts('T2Failing'),
    ...{ input: 'lightCurve', cost: 'light', result: z.string() },
    run: () => 'x'.repeat(50_000_000),
  });
  const broken = (): number => {
    throw new RangeError('singular matrix');
  };
  const poor = (): number => {
    throw new BadInput('no redshift');
  };

  it.each([
    ['throws', failing(broken), RESULT_CODE.exception, 'singular matrix'],
    ['gives NaN', failing(() => Number.NaN), RESULT_CODE.error, 'NaN'],
    ['gives 50 MB', huge, RESULT_CODE.error, 'gave 50000002 bytes'],
  ])('as it %s leaves its class and why, and nothing else is disturbed', async (_, unit, code, message) => {
    const objects = await objectsOf('[{unit: T2Failing}, {unit: T2State}]', unit);
    const { tasks } = await objects.take(first);
    await expect(objects.run(first, taskOf(tasks, 'T2Failing'))).rejects.toMatchObject({ nonRetryable: true });
    const failed = await objects.store.results.findOne({ unit: 'T2Failing' });
    expect(failed).toMatchObject({ code, body: null });
    expect(failed?.error).toContain(message);
    expect(await bodiesOf(objects, 'T2State')).toHaveLength(1);
  });

  it('as the data will not do says so, which is no failure, and what builds on it says the same', async () => {
    const builds = defineTiedT2({
      ...facts('T2Builds'),
      ...{ input: 'lightCurve', cost: 'light', result: z.number(), needs: [{ unit: 'T2Failing', of: 'same' }] },
      run: () => 1,
    });
    const objects = await objectsOf('[{unit: T2Failing}, {unit: T2Builds}]', failing(poor), builds);
    const { tasks } = await objects.take(first);
    const code = RESULT_CODE.missingInfo;
    for (const unit of ['T2Failing', 'T2Builds']) {
      expect(await objects.run(first, taskOf(tasks, unit))).toEqual({ code, deadlines: [] });
    }
    const found = await objects.store.results.find({}).sort({ at: 1 }).toArray();
    expect(found).toMatchObject([
      { unit: 'T2Failing', code, body: null, error: 'no redshift' },
      { unit: 'T2Builds', code, body: null, error: 'needs T2Failing, which gave none: no redshift' },
    ]);
  });

  it('as its version takes another config fails so, and only its own result', async () => {
    const objects = await objectsOf('[{unit: T2State}]');
    const { tasks } = await objects.take(first);
    expect(tasks).toEqual([]);
    const grown = defineT2({
      ...{ ...facts('T2State'), version: '2.0.0', config: z.strictObject({ depth: z.number() }) },
      ...{ input: 'state', cost: 'light', result: z.number(), run: () => 1 },
    });
    const later = new DecidedObjects(objects.store, testRegistry(acceptAllFilter, grown), objects.channels);
    const task = taskOf((await later.take(second)).tasks, 'T2State');
    await expect(later.run(second, task)).rejects.toThrow('does not fit version 2.0.0');
    expect(await bodiesOf(later, 'T2State')).toContain(RESULT_CODE.unknownConfig);
  });
});
