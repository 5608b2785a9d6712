import { Context } from '@temporalio/activity';
import type { StreamProgress, StreamRequest } from '../model/stream.js';
import type { IngestDeps } from './alert-intake.js';
import { openStream } from './open-stream.js';
import { Reading } from './reading.js';
import { planOf } from './transport.js';

/** Also while a server is away: the reader lives, and its own time-outs tell of the server. */
const HEARTBEAT_MS = 3_000;

/**
 * Reads a stream, or the partitions of it that are this reader's, from where they were acknowledged last. A batch is
 * acknowledged after its receipt is written and all its signals are accepted; a batch that was interrupted is read again
 * and changes nothing twice. Ends where the input does.
 */
export async function consume(deps: IngestDeps, request: StreamRequest, reader = 0): Promise<StreamProgress> {
  const { cancellationSignal } = Context.current();
  await openStream(deps.store, request);
  const plan = planOf(deps, request, reader);
  const reading = new Reading(deps, request, plan.intake);
  const beat = setInterval(() => {
    reading.beat();
  }, HEARTBEAT_MS);
  try {
    const transport = await plan.open(reading);
    // A transport that waits for the next packet would not look.
    cancellationSignal.addEventListener('abort', () => void transport.close());
    try {
      reading.acknowledge = (partition, offset) => transport.acknowledge(partition, offset);
      for await (const delivery of transport.deliveries()) await reading.take(delivery);
      cancellationSignal.throwIfAborted();
      return await reading.end();
    } finally {
      // Whatever stopped the reading, the batch under way is finished first.
      await reading.written();
      await transport.close();
    }
  } finally {
    clearInterval(beat);
  }
}
