import { Context } from '@temporalio/activity';
import type { StreamRequest } from '../model/stream.js';
import { streamTotals } from '../store/stream-positions.js';
import type { IngestDeps } from './alert-intake.js';
import { StreamClock } from './stream-clock.js';

const LOOK_EVERY_MS = 100;
const HEARTBEAT_MS = 3_000;

/** Waits until the transients have decided on everything that was read, and lets the clock pass what is due by the stream's end. */
export async function settle({ store, client }: IngestDeps, { name, clock }: StreamRequest): Promise<void> {
  const context = Context.current();
  const eventTime = new StreamClock(client, store, name);
  let doing = 'looking for what is undecided';
  // Also while a server is away.
  const beat = setInterval(() => {
    context.heartbeat(doing);
  }, HEARTBEAT_MS);
  let isMarked = false;
  try {
    for (;;) {
      context.cancellationSignal.throwIfAborted();
      const pending = await store.alerts.countDocuments({ stream: name, pending: true });
      const isDecided = pending === 0;
      const waiting =
        isDecided && clock === 'stream' ? await eventTime.advance((await streamTotals(store, name)).clockJd) : 0;
      if (isDecided && waiting === 0) {
        if (isMarked) return;
        // Then once more: a unit that has run since the last look asks the stream's document what time it is.
        await store.streams.updateOne({ _id: name }, { $set: { state: 'finished', at: new Date() } });
        isMarked = true;
        continue;
      }
      doing = isDecided ? `waiting for ${waiting} reactions` : `waiting for ${pending} decisions`;
      context.heartbeat(doing);
      await context.sleep(LOOK_EVERY_MS);
    }
  } finally {
    clearInterval(beat);
  }
}
