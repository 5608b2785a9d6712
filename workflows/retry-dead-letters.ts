import * as wf from '@temporalio/workflow';
import type { RetriedLetter, StreamActivities } from '../model/stream.js';
import { TASK_QUEUE } from '../model/workflow-names.js';

const { retryDeadLetters: retry } = wf.proxyActivities<StreamActivities>({
  taskQueue: TASK_QUEUE.ingest,
  // A few dozen packets with all their effects.
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

/** Small enough that a worker that dies has little to do again. */
const CHUNK = 50;

/** Tries to read dead letters again: what can be read now takes the way of every packet. At most a few thousand ids. */
export async function retryDeadLetters(ids: readonly string[]): Promise<RetriedLetter[]> {
  const retried: RetriedLetter[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = ids.slice(start, start + CHUNK);
    const summary = `dead letters ${start + 1} to ${start + chunk.length} of ${ids.length}`;
    retried.push(...(await retry.executeWithOptions({ summary }, [chunk])));
  }
  return retried;
}
