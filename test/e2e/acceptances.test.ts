import type { Channel } from '../../model/channel.js';
import { brightFilter, ready, testChannel, testRegistry, use } from '../ready-channel.js';
import { EARLIER as LSST_EARLIER } from '../lsst-packet.js';
import { acceptAllFilter } from '../../units/t0/accept-all-filter.js';
import { CANDIDATE, EARLIER, LIMIT, STOCK, type ZtfPacket } from '../ztf-packet.js';
import { DecidedObjects, lsstAlert, ztfAlert } from './decided-objects.js';
import { startStoreRig, type StoreRig } from './store-rig.js';

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(() => rig.stop());

const registry = testRegistry(brightFilter, acceptAllFilter);
const BRIGHT = use(brightFilter, { max_mag: 19 });
const JD = Number(CANDIDATE['jd']);

/** An alert of the object, so many days after the first, of this magnitude. */
function alertOf(days: number, magpsf: number, history: ZtfPacket['history'] = []): ReturnType<typeof ztfAlert> {
  const candid = `67${3 + days}285273115015035`;
  return ztfAlert({ candid, candidate: { jd: JD + days, candid, magpsf }, history });
}

async function objectsOf(over: Partial<Channel>): Promise<DecidedObjects> {
  const { store } = await rig.freshPlace();
  return await new DecidedObjects(store, registry, [ready(testChannel('BRIGHT', BRIGHT, over), registry)]).start();
}

describe('an alert of an object that the channel has accepted before', () => {
  const faint = alertOf(1, 20);

  it.each([
    ['nothing else', {}, { outcome: 'rejected', reason: 'magpsf', value: 20 }],
    ['bypass', { onStockMatch: 'bypass' }, { outcome: 'accepted', known: 'bypass' }],
    ['overrule', { onStockMatch: 'overrule' }, { outcome: 'accepted', known: 'overrule', reason: 'magpsf', value: 20 }],
    ['silent_overrule', { onStockMatch: 'silent_overrule' }, { outcome: 'accepted' }],
  ] as const)('is judged with %s as in AMPEL, and the journal tells it', async (_, over, expected) => {
    const objects = await objectsOf(over);
    expect((await objects.take(alertOf(-1, 20))).decisions).toMatchObject([{ accepted: false }]);
    await objects.take(alertOf(0, 18));
    await objects.take(faint);
    const entry = await objects.store.journal.findOne({ alertId: faint.alertId, tier: 't0' });
    expect(entry).toMatchObject(expected);
    if (expected.outcome === 'accepted' && !('reason' in expected)) expect(entry).not.toHaveProperty('reason');
  });

  it('is judged the same when it is decided once more', async () => {
    const objects = await objectsOf({ onStockMatch: 'overrule' });
    const first = alertOf(0, 18);
    await objects.take(first);
    const once = await objects.take(faint);
    expect(await objects.decideOn([faint])).toEqual(once);
    expect((await objects.decideOn([first])).decisions).toMatchObject([{ accepted: true }]);
    expect(await objects.store.journal.countDocuments({ known: { $exists: true } })).toBe(1);
  });
});

describe('the first acceptance of a channel that wants the past', () => {
  it('gives a state for each earlier detection, dated by it, and later acceptances give none', async () => {
    const objects = await objectsOf({ t1: { retro: true } });
    const earlier = [{ ...EARLIER, jd: JD - 3 }, { ...EARLIER, jd: JD - 2, candid: '671285273115015035' }, LIMIT];
    await objects.take(alertOf(0, 18, earlier));
    const states = await objects.store.states.find({}).sort({ jd: 1 }).toArray();
    expect(states.map(({ jd, datapoints }) => [jd - JD, datapoints.length])).toEqual([
      [-3, 2],
      [-2, 3],
      [0, 4],
    ]);
    await objects.take(alertOf(1, 18, earlier));
    expect(await objects.store.states.countDocuments()).toBe(4);
  });
});

describe('an object of ZTF with one of LSST 0.5 arcsec away', () => {
  const place = { ra: 180, dec: 60 + 0.5 / 3600 };
  const MJD = JD - 2_400_000.5;
  const source = { ...place, midpointMjdTai: MJD - 1 };
  const near = lsstAlert({ source, object: place, sources: [{ ...LSST_EARLIER, ...place, midpointMjdTai: MJD - 2 }] });
  const both = (over: Partial<Channel> = {}): Partial<Channel> => ({
    ...{ streams: ['ztf', 'lsst'], access: ['ZTF_PUB', 'LSST'], t1: { matchArcsec: 1.5 } },
    ...{ t0: { ztf: BRIGHT, lsst: use(acceptAllFilter) }, ...over },
  });

  it('has states of both surveys, with who was matched at which distance', async () => {
    const objects = await objectsOf(both());
    await objects.take(near);
    await objects.take(alertOf(0, 18));
    const state = await objects.store.states.findOne({ stock: STOCK });
    expect(state?.matched).toMatchObject([{ survey: 'lsst', objectId: near.objectId }]);
    expect(state?.matched?.[0]?.separationArcsec).toBeCloseTo(0.5, 3);
    expect(new Set(state?.matched?.[0]?.datapoints)).toEqual(new Set(near.datapoints.map(({ id }) => id)));
    const ofLsst = await objects.store.states.findOne({ stock: near.stock });
    expect(ofLsst).not.toHaveProperty('matched.0');
  });

  it('has the same state when it is decided once more, whatever came since', async () => {
    const objects = await objectsOf(both());
    const first = alertOf(0, 18);
    const before = await objects.take(first);
    await objects.take(near);
    expect((await objects.decideOn([first])).decisions).toEqual(before.decisions);
    expect(await objects.store.states.countDocuments({ stock: STOCK })).toBe(1);
  });

  it('is alone where the channel takes no other object for the same, or not so far away', async () => {
    for (const t1 of [{}, { matchArcsec: 0.25 }]) {
      const objects = await objectsOf(both({ t1 }));
      await objects.take(near);
      await objects.take(alertOf(0, 18));
      expect((await objects.store.states.findOne({ stock: STOCK }))?.matched ?? []).toEqual([]);
    }
  });
});
