import { Follows } from '../../activities/follows.js';
import { latestCutouts } from '../../activities/latest-cutouts.js';
import { persistAlerts } from '../../activities/persist-alerts.js';
import { Screen, type ScreenedBatch } from '../../activities/screen.js';
import type { Channel } from '../../model/channel.js';
import { ztf } from '../../streams/ztf/survey.js';
import { fitsFile } from '../fits-file.js';
import { brightFilter, ready, testChannel, testRegistry, use } from '../ready-channel.js';
import { CANDIDATE, packetOf, STOCK, type Values } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';

const JD = Number(CANDIDATE['jd']);
const DAY_MS = 86_400_000;
const STAMP = fitsFile([
  [1, 2],
  [3, 4],
]);

let rig: StoreRig;
let place: Place;

beforeAll(async () => {
  rig = await startStoreRig();
});
afterAll(() => rig.stop());

beforeEach(async () => {
  place = await rig.freshPlace();
});

function channel(name: string, over: Partial<Channel> = {}): Channel {
  return testChannel(name, use(brightFilter, { max_mag: 19 }), over);
}

interface Night {
  readonly night: number;
  readonly science?: Buffer;
  readonly candidate?: Values;
}

/** The alerts of some nights of one object, as channels screen them. */
function screened(channels: readonly Channel[], nights: readonly Night[]): ScreenedBatch {
  const screen = new Screen(
    ztf,
    channels.map((one) => ready(one, testRegistry(brightFilter))),
    new Follows('june'),
  );
  const batch = screen.begin('archive', 0);
  nights.forEach(({ night, science = STAMP, candidate }, offset) => {
    const own = { jd: JD + night, magpsf: 18.5, candid: `6732852731150150${night}0`, ...candidate };
    screen.add(batch, { ...packetOf({ candid: own.candid, candidate: own, science }), offset });
  });
  return batch;
}

async function kept(channels: readonly Channel[], nights: readonly Night[]): Promise<ScreenedBatch> {
  const batch = screened(channels, nights);
  await persistAlerts(place.store, 'june', batch.forwarded);
  return batch;
}

describe('the image stamps of accepted alerts', () => {
  it('are not kept where no channel says so', async () => {
    await kept([channel('PLAIN')], [{ night: 0 }]);
    expect(await place.store.cutouts.countDocuments()).toBe(0);
  });

  it('are kept for the channels that say so, as long as the longest wants, the same after a second write', async () => {
    const channels = [channel('PLAIN'), channel('A', { keepCutoutsDays: 3 }), channel('B', { keepCutoutsDays: 30 })];
    const before = Date.now();
    await kept(channels, [{ night: 0 }]);
    await kept(channels, [{ night: 0 }]);
    const [document, ...others] = await place.store.cutouts.find().toArray();
    expect(others).toEqual([]);
    expect(document).toMatchObject({ stock: STOCK, jd: JD, tags: expect.arrayContaining(['ZTF_PUB']) as unknown });
    expect(document?.channels).toEqual(['A', 'B']);
    expect(document?.expiresAt.getTime()).toBeGreaterThanOrEqual(before + 30 * DAY_MS);
    expect(document?.expiresAt.getTime()).toBeLessThan(Date.now() + 31 * DAY_MS);
    expect(Object.keys(document?.stamps ?? {})).toEqual(['science']);
    expect(await latestCutouts(place.store, channel('PLAIN'), STOCK, JD + 1)).toBeUndefined();
    expect((await latestCutouts(place.store, channel('B'), STOCK, JD + 1))?.cutouts.science).toEqual(STAMP);
  });

  it('are not those of refused alerts', async () => {
    await kept([channel('A', { keepCutoutsDays: 3 })], [{ night: 0, candidate: { magpsf: 20 } }]);
    expect(await place.store.cutouts.countDocuments()).toBe(0);
  });

  it('are the newest ones up to a time', async () => {
    const keeping = channel('A', { keepCutoutsDays: 3 });
    await kept([keeping], [{ night: 0 }, { night: 1 }, { night: 5 }]);
    expect(await latestCutouts(place.store, keeping, STOCK, JD + 2)).toMatchObject({ jd: JD + 1 });
    expect(await latestCutouts(place.store, keeping, STOCK, JD + 9)).toMatchObject({ jd: JD + 5 });
    expect(await latestCutouts(place.store, keeping, STOCK, JD - 1)).toBeUndefined();
  });

  it('of private alerts are not shown to a channel that has lost the right to them', async () => {
    const partner = channel('A', { keepCutoutsDays: 3, access: ['ZTF_PUB', 'ZTF_PRIV'] });
    await kept([partner], [{ night: 0 }, { night: 1, candidate: { programid: 2 } }]);
    expect(await latestCutouts(place.store, partner, STOCK, JD + 9)).toMatchObject({ jd: JD + 1 });
    expect(await latestCutouts(place.store, channel('A'), STOCK, JD + 9)).toMatchObject({ jd: JD });
  });

  it('do not keep an alert back where they are too large', async () => {
    const batch = await kept([channel('A', { keepCutoutsDays: 3 })], [{ night: 0, science: Buffer.alloc(2_000_001) }]);
    expect(batch.forwarded).toHaveLength(1);
    expect(await place.store.cutouts.countDocuments()).toBe(0);
  });
});
