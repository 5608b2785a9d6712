import { Context } from '@temporalio/activity';
import type { StreamProgress, StreamRequest } from '../model/stream.js';
import { readArchive } from '../streams/archive/archive.js';
import type { BatchInWork } from './screen.js';
import { StreamRun, type IngestDeps } from './stream-run.js';

/** Also while a server is away: the reader lives, and its own time-outs tell of the server. */
const HEARTBEAT_MS = 3_000;

/**
 * Reads a stream from its last acknowledged position to its end. A batch is acknowledged after its receipt is written and
 * all its signals are accepted; a batch that was interrupted is read again and changes nothing twice.
 */
export async function consume(deps: IngestDeps, request: StreamRequest): Promise<StreamProgress> {
  const run = new StreamRun(deps, request);
  await run.open();
  const beat = setInterval(() => {
    run.beat();
  }, HEARTBEAT_MS);
  try {
    return await readToEnd(run, request);
  } finally {
    clearInterval(beat);
  }
}

async function readToEnd(run: StreamRun, request: StreamRequest): Promise<StreamProgress> {
  let batch: BatchInWork | undefined;
  let unacknowledged: Promise<void> = Promise.resolve();
  const end = async (full: BatchInWork): Promise<void> => {
    // One batch is written while the next is read, never more.
    await unacknowledged;
    unacknowledged = run.acknowledge(run.screen.end(full));
    unacknowledged.catch(() => undefined);
    Context.current().cancellationSignal.throwIfAborted();
    await run.refreshChannels();
  };
  try {
    for await (const packet of readArchive(request.source.paths, run.position)) {
      batch ??= run.screen.begin(packet.ordinal);
      run.screen.add(batch, packet);
      if (batch.size < request.batchSize) continue;
      await end(batch);
      batch = undefined;
    }
    if (batch !== undefined) await end(batch);
  } finally {
    // Whatever stopped the reading, the batch under way is finished first.
    await unacknowledged;
  }
  return run.finish();
}
