import { MockActivityEnvironment } from '@temporalio/testing';
import { activateChannel } from '../../activities/channel-life.js';
import { ChannelRevisions } from '../../activities/channel-revisions.js';
import { decide } from '../../activities/decide.js';
import { persistAlerts } from '../../activities/persist-alerts.js';
import { persistDeadLetters } from '../../activities/persist-dead-letters.js';
import { persistReceipt } from '../../activities/persist-receipt.js';
import type { ScreenedBatch } from '../../activities/screen.js';
import type { DecideOutcome, DecideRequest } from '../../model/transient.js';
import type { Store } from '../../store/store.js';
import { OBJECT, STOCK } from '../ztf-packet.js';
import type { Place, StoreRig } from './store-rig.js';
import { batches, detections, watch } from './watched-object.js';

export const WATCH = watch().ready;
export const CLOCK = { stream: 'june' };
export const SUBJECT = { survey: 'ztf', objectId: OBJECT, stock: STOCK, clock: CLOCK };

const SCHEDULE_TO_CLOSE_MS = 3 * 24 * 3_600_000;

/** Runs an activity, at which attempt Temporal likes, so long (ms) after the first was due. */
export function inActivity<Result>(work: () => Promise<Result>, attempt = 1, afterMs = 0): Promise<Result> {
  const scheduledTimestampMs = Date.now() - afterMs;
  const times = { scheduledTimestampMs, scheduleToCloseTimeoutMs: SCHEDULE_TO_CLOSE_MS };
  return new MockActivityEnvironment({ attempt, ...times }).run(work);
}

export async function write(store: Store, written: readonly ScreenedBatch[]): Promise<void> {
  for (const batch of written) {
    await persistAlerts(store, 'june', batch.forwarded);
    await persistReceipt(store, { stream: 'june', reading: 0 }, batch);
    await persistDeadLetters(store, 'june', batch.bad);
  }
}

/** A place where the packets have been read for the channel, and nothing is decided. */
export async function placeWithAlerts(rig: StoreRig): Promise<Place> {
  const place = await rig.freshPlace();
  await activateChannel(place.store, WATCH);
  await write(place.store, batches(WATCH, 100));
  return place;
}

export function decideOn({ store }: Place, over: Partial<DecideRequest> = {}): Promise<DecideOutcome> {
  const revisions = new ChannelRevisions(store, watch().registry);
  const request = { ...SUBJECT, detections: detections(WATCH), pending: [], ...over };
  return inActivity(() => decide(store, revisions, request));
}
