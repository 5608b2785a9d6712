import { z } from 'zod';
import { activateChannel } from '../../activities/channel-life.js';
import { checkChannel } from '../../channels/check-channel.js';
import type { Alert } from '../../model/alert.js';
import { RESULT_CODE, type ResultDocument } from '../../store/documents.js';
import { defineT2, defineTiedT2, type T2Unit } from '../../units/define.js';
import { acceptAllFilter } from '../../units/t0/accept-all-filter.js';
import { ready, testRegistry } from '../ready-channel.js';
import { CANDIDATE, EARLIER } from '../ztf-packet.js';
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

const t2First = defineT2({
  ...facts('T2First'),
  ...{ input: 'stock', cost: 'light', result: z.number() },
  run: ({ firstSeenJd, lastSeenJd }) => lastSeenJd - firstSeenJd,
});
const t2Jd = defineT2({
  ...facts('T2Jd'),
  ...{ input: 'datapoint', cost: 'light', result: z.number() },
  run: ({ datapoint: { jd } }) => jd,
});
const t2Size = defineT2({
  ...facts('T2Size'),
  ...{ input: 'lightCurve', cost: 'light', result: z.number() },
  run: ({ datapoints }) => datapoints.length,
});
const t2Age = defineTiedT2({
  ...facts('T2Age'),
  ...{ input: 'datapoint', cost: 'light', result: z.number() },
  needs: [{ unit: 'T2First', of: 'stock' }],
  run: (_, __, needed) => Number(needed['T2First']?.[0]?.body),
});
const t2OfPoint = defineTiedT2({
  ...facts('T2OfPoint'),
  ...{ input: 'lightCurve', cost: 'light', result: z.number() },
  needs: [{ unit: 'T2Jd', of: 'datapoint' }],
  run: (_, __, needed) => Number(needed['T2Jd']?.[0]?.body),
});
const t2Course = defineTiedT2({
  ...facts('T2Course'),
  ...{ input: 'lightCurve', cost: 'light', result: z.array(z.number()) },
  needs: [{ unit: 'T2Size', of: 'states' }],
  run: (_, __, { T2Size: sizes = [] }) => sizes.map(({ body }) => Number(body)),
});

const registry = testRegistry(acceptAllFilter, t2First, t2Jd, t2Size, t2Age, t2OfPoint, t2Course);
const JD = Number(CANDIDATE['jd']);

/** An alert so many days after the first; what was measured before is of the partnership where it says so. */
function alertOn(day: number, earlierProgramme = 1): Alert {
  const candid = `67428527311501503${day}`;
  return ztfAlert({
    candid,
    candidate: { jd: JD + day, candid, magpsf: 18.5 },
    history: [{ ...EARLIER, programid: earlierProgramme }],
  });
}

function channel(name: string, t2: string, more = ''): ReturnType<typeof ready> {
  const text = `name: ${name}\nversion: 1.0.0\nstream: ztf\nt0: {unit: AcceptAllFilter}\nt2: ${t2}\n${more}`;
  const checked = checkChannel(text, `${name}.yaml`, registry, () => Buffer.alloc(0));
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return ready(checked.revision.channel, registry);
}

const PUBLIC = 'access: [ZTF_PUB]\n';
const PARTNER = 'access: [ZTF_PUB, ZTF_PRIV]\n';

async function objectsOf(...channels: readonly ReturnType<typeof ready>[]): Promise<DecidedObjects> {
  return await new DecidedObjects((await rig.freshPlace()).store, registry, channels).start();
}

/** Takes the alert and runs all that is left to activities. */
async function takeAll(objects: DecidedObjects, alert: Alert): Promise<void> {
  const { tasks } = await objects.take(alert);
  for (const task of tasks) await objects.run(alert, task).catch(() => undefined);
}

/** What a channel has of a unit. */
async function bodiesOf({ store }: DecidedObjects, unit: string, name: string): Promise<unknown[]> {
  const found = await store.results.find({ unit, channels: name }).sort({ at: 1, _id: 1 }).toArray();
  return found.map(({ code, body }) => (code === RESULT_CODE.ok ? body : code));
}

function onlyOf(found: readonly ResultDocument[]): ResultDocument {
  const [one, ...others] = found;
  if (one === undefined || others.length > 0) throw new Error(`${found.length} results`);
  return one;
}

describe('a result that builds on what is known of an object', () => {
  const T2 = '[{unit: T2Age}, {unit: T2First}]';

  it.each([
    ['the partner', ['PARTNER', 'PUBLIC']],
    ['the public', ['PUBLIC', 'PARTNER']],
  ])('is shared with nobody who sees less of it, whoever comes first: %s', async (_, order) => {
    const all = { PUBLIC: channel('PUBLIC', T2, PUBLIC), PARTNER: channel('PARTNER', T2, PARTNER) };
    const objects = await objectsOf(...order.map((name) => (name === 'PUBLIC' ? all.PUBLIC : all.PARTNER)));
    await takeAll(objects, alertOn(0, 2));
    const since = JD - Number(EARLIER['jd']);
    for (const unit of ['T2First', 'T2Age']) {
      expect(await bodiesOf(objects, unit, 'PUBLIC')).toEqual([0]);
      expect(await bodiesOf(objects, unit, 'PARTNER')).toEqual([expect.closeTo(since, 6)]);
    }
  });

  it('depends on what the channels take of the object, not on who decides first', async () => {
    const objects = await objectsOf(
      channel('NARROW', T2, `${PUBLIC}t1: { window: 1 d }\n`),
      channel('WIDE', T2, PUBLIC),
    );
    await takeAll(objects, alertOn(0));
    const since = JD - Number(EARLIER['jd']);
    expect(since).toBeGreaterThan(1);
    expect(await bodiesOf(objects, 'T2Age', 'NARROW')).toEqual([0]);
    expect(await bodiesOf(objects, 'T2Age', 'WIDE')).toEqual([expect.closeTo(since, 6)]);
  });

  it('is made of what is stored of it, which stays as it was found at first', async () => {
    const objects = await objectsOf(channel('WIDE', T2, PUBLIC));
    for (const day of [0, 1, 2]) await takeAll(objects, alertOn(day));
    const first = onlyOf(await objects.store.results.find({ unit: 'T2First' }).toArray());
    expect(await bodiesOf(objects, 'T2Age', 'WIDE')).toEqual([first.body, first.body, first.body]);
  });
});

describe('a result that builds on a datapoint', () => {
  it('is another for each point that channels select, and finds it', async () => {
    const select = (points: string): string => `[{unit: T2OfPoint}, {unit: T2Jd, points: ${points}}]`;
    const objects = await objectsOf(channel('OLD', select('first'), PUBLIC), channel('NEW', select('last'), PUBLIC));
    await takeAll(objects, alertOn(0));
    expect(await bodiesOf(objects, 'T2OfPoint', 'OLD')).toEqual([EARLIER['jd']]);
    expect(await bodiesOf(objects, 'T2OfPoint', 'NEW')).toEqual([JD]);
  });

  it('is found by an activity too', async () => {
    const objects = await objectsOf(channel('OLD', '[{unit: T2OfPoint}, {unit: T2Jd, points: first}]', PUBLIC));
    const alert = alertOn(0);
    await takeAll(objects, alert);
    const key = onlyOf(await objects.store.results.find({ unit: 'T2OfPoint' }).toArray());
    await objects.store.results.deleteOne({ _id: key._id });
    const [ref = ''] = objects.channels.map((one) => one.ref);
    const { link, alertId, configHash } = { ...key, alertId: alert.alertId };
    const task = { key: key._id, unit: 'T2OfPoint', configHash, link, alertId, jd: JD, channels: [ref] };
    expect(await objects.run(alert, task)).toMatchObject({ code: RESULT_CODE.ok });
    const again = onlyOf(await objects.store.results.find({ unit: 'T2OfPoint' }).toArray());
    expect(again).toMatchObject({ body: EARLIER['jd'], needed: key.needed });
  });

  it('says that there is none where no point is selected', async () => {
    const objects = await objectsOf(channel('RED', '[{unit: T2OfPoint}, {unit: T2Jd, tag: ZTF_I}]', PUBLIC));
    await takeAll(objects, alertOn(0));
    expect(await bodiesOf(objects, 'T2OfPoint', 'RED')).toEqual([RESULT_CODE.missingInfo]);
  });
});

describe('a unit that compares states', () => {
  const T2 = '[{unit: T2Course}, {unit: T2Size}]';

  it('is given nothing of what an earlier revision of the channel saw and this one may not see', async () => {
    const partner = channel('GROUP', T2, PARTNER);
    const objects = await objectsOf(partner);
    await takeAll(objects, alertOn(0, 2));
    const open = channel('GROUP', T2, PUBLIC);
    await activateChannel(objects.store, open);
    const after = new DecidedObjects(objects.store, registry, [open]);
    await takeAll(after, alertOn(1, 2));
    expect(await bodiesOf(after, 'T2Course', 'GROUP')).toEqual([[2], [2]]);
    const [, latest] = await after.store.results.find({ unit: 'T2Course' }).sort({ at: 1 }).toArray();
    expect(latest?.needed).toHaveLength(1);
  });

  it('waits for two results, however many states there were before', async () => {
    const objects = await objectsOf(channel('GROUP', T2, PUBLIC));
    const sizes: (number | undefined)[] = [];
    for (const day of [0, 1, 2, 3, 4]) {
      const alert = alertOn(day);
      const { tasks } = await objects.take(alert);
      sizes.push(tasks.find(({ unit }) => unit === 'T2Course')?.after?.length);
      for (const task of tasks) await objects.run(alert, task);
    }
    expect(sizes).toEqual([1, 2, 2, 2, 2]);
    const bodies = await bodiesOf(objects, 'T2Course', 'GROUP');
    expect(bodies.at(-1)).toEqual([2, 3, 4, 5, 6]);
  });
});

describe('a task', () => {
  it('says which version is to compute it: another one leaves it to others', async () => {
    const objects = await objectsOf(channel('GROUP', '[{unit: T2Course}, {unit: T2Size}]', PUBLIC));
    const alert = alertOn(0);
    const [task] = (await objects.take(alert)).tasks;
    if (task === undefined) throw new Error('no task');
    expect(task.version).toBe('1.0.0');
    const newer = testRegistry(acceptAllFilter, t2Size, { ...t2Course, version: '2.0.0' });
    const other = new DecidedObjects(objects.store, newer, objects.channels);
    await expect(other.run(alert, task)).rejects.toThrow('this worker has T2Course 2.0.0, asked for is 1.0.0');
    expect(await objects.store.results.countDocuments({ unit: 'T2Course' })).toBe(0);
  });

  it('of a state that was made in retrospect sets off no reaction, one of the present state does', async () => {
    const hook =
      '{ name: told, unit: WebhookReaction, config: { url: "http://127.0.0.1:9/" }, when: { result: T2Heavy } }';
    const heavy = defineT2({
      ...facts('T2Heavy'),
      ...{ input: 'lightCurve', cost: 'heavy', result: z.number() },
      run: ({ datapoints }) => datapoints.length,
    });
    const { webhookReaction } = await import('../../units/t3/webhook-reaction.js');
    const own = testRegistry(acceptAllFilter, heavy, webhookReaction);
    const text = `name: PAST\nversion: 1.0.0\nstream: ztf\n${PUBLIC}t0: {unit: AcceptAllFilter}\nt1: {retro: true}\nt2: [{unit: T2Heavy}]\nreactions: { mode: live }\nt3: [${hook}]\n`;
    const checked = checkChannel(text, 'PAST.yaml', own, () => Buffer.alloc(0));
    if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
    const past = ready(checked.revision.channel, own);
    const objects = await new DecidedObjects((await rig.freshPlace()).store, own, [past]).start();
    const alert = alertOn(0);
    const { tasks } = await objects.take(alert);
    expect(tasks.length).toBeGreaterThan(1);
    const rules: string[][] = [];
    for (const task of tasks) rules.push((await objects.run(alert, task)).deadlines.map(({ link }) => link));
    const present = tasks.at(-1)?.link ?? '';
    expect(rules.flat()).toEqual([present]);
  });
});
