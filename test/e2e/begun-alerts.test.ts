import { BegunAlerts } from '../../activities/begun-alerts.js';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { decide } from '../../activities/decide.js';
import { Follows } from '../../activities/follows.js';
import { Screen, type ScreenedBatch } from '../../activities/screen.js';
import { ztf } from '../../streams/ztf/survey.js';
import { brightFilter, ready, testChannel, use } from '../ready-channel.js';
import { STOCK } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { packets, watch } from './watched-object.js';
import { inActivity, placeWithAlerts, SUBJECT } from './watched-store.js';

describe('alerts whose reader ended after it had stored them', () => {
  let rig: StoreRig;
  let place: Place;

  beforeAll(async () => {
    rig = await startStoreRig();
    place = await placeWithAlerts(rig);
  });
  afterAll(() => rig.stop());

  /** Read again from there, when the channel that wanted them is paused and another wants none of them. */
  async function readAgain(position: number): Promise<ScreenedBatch> {
    const { registry } = watch();
    const begun = new BegunAlerts();
    await begun.hear(place.store, 'june', new Map([['archive', position]]));
    const nobody = ready(testChannel('NOBODY', use(brightFilter, { max_mag: 1 })), registry);
    const screen = new Screen(ztf, [nobody], new Follows('other'), begun);
    const batch = screen.begin('archive', position);
    for (const packet of packets().slice(position)) screen.add(batch, packet);
    return batch;
  }

  const undecided = (): Promise<number> => place.store.alerts.countDocuments({ stock: STOCK, pending: true });

  it('are passed on where nobody wants them any more, and no others', async () => {
    const stored = await place.store.alerts.find({ pending: true }).sort({ offset: 1 }).toArray();
    const offsets = stored.map(({ offset }) => offset);
    expect(offsets.length).toBeGreaterThan(3);
    const all = await readAgain(0);
    expect(all.forwarded.map(({ offset, channels }) => [offset, channels])).toEqual(offsets.map((at) => [at, []]));
    const [, second = 0] = offsets;
    const rest = await readAgain(second);
    expect(rest.forwarded.map(({ offset }) => offset)).toEqual(offsets.slice(1));
  });

  it('are decided on by no channel, and wait no more', async () => {
    const { forwarded } = await readAgain(0);
    const own = forwarded.filter(({ alert }) => alert.stock === STOCK);
    const detections = own.map(({ alert: { alertId, jd } }) => ({ alertId, jd, channels: [] }));
    expect(await undecided()).toBe(detections.length);
    const revisions = new ChannelRevisions(place.store, watch().registry);
    const outcome = await inActivity(() => decide(place.store, revisions, { ...SUBJECT, detections, pending: [] }));
    expect(outcome).toMatchObject({ decisions: [], tasks: [], due: [], pending: [] });
    expect(await undecided()).toBe(0);
  });
});
