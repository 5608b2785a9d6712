import { setTimeout as sleep } from 'node:timers/promises';
import { Follows } from '../../activities/follows.js';
import { persistAlerts } from '../../activities/persist-alerts.js';
import type { Store } from '../../store/store.js';
import { OBJECT } from '../ztf-packet.js';
import { startStoreRig, type Place, type StoreRig } from './store-rig.js';
import { batches } from './watched-object.js';
import { WATCH } from './watched-store.js';

const SKEW_MS = 50;
const PACKETS = 20;
const LATER = { partition: 'archive', offset: PACKETS, place: '' };

describe('objects that another reader has begun to follow', () => {
  let rig: StoreRig;
  let place: Place;

  beforeAll(async () => {
    rig = await startStoreRig();
    place = await rig.freshPlace();
  });
  afterAll(() => rig.stop());

  /** The data base as a reader sees that stood still after it had made its write. */
  function slowed(store: Store, ms: number): Store {
    const stocks = new Proxy(store.stocks, {
      get(target, name, collection): unknown {
        const value: unknown = Reflect.get(target, name, collection);
        if (name !== 'bulkWrite') return value;
        return async (...args: Parameters<typeof target.bulkWrite>) => {
          await sleep(ms);
          return target.bulkWrite(...args);
        };
      },
    });
    return { ...store, stocks };
  }

  it('are heard of where the write was under way for longer than clocks differ', async () => {
    const { store } = place;
    const forwarded = batches(WATCH, PACKETS).flatMap((batch) => batch.forwarded);
    const follows = new Follows('june', SKEW_MS);
    const written = persistAlerts(slowed(store, 20 * SKEW_MS), 'june', forwarded);
    for (let waitedMs = 0; waitedMs < 10 * SKEW_MS; waitedMs += SKEW_MS) {
      await follows.hear(store);
      await sleep(SKEW_MS);
    }
    expect(follows.isFollowed(OBJECT, 'WATCH', LATER)).toBe(false);
    await written;
    await follows.hear(store);
    expect(follows.isFollowed(OBJECT, 'WATCH', LATER)).toBe(true);
  });
});
