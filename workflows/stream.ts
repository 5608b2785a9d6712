import * as wf from '@temporalio/workflow';
import { isCancellation } from '@temporalio/workflow';
import type { StreamActivities, StreamProgress, StreamRequest } from '../model/stream.js';
import { TASK_QUEUE } from '../model/workflow-names.js';
import { searchAttribute } from './search-attributes.js';

// ---------------------------------------------------------------- messages

/** Stops reading after the batch under way; the position is kept. */
export const pauseStreamSignal = wf.defineSignal('pause');
export const resumeStreamSignal = wf.defineSignal('resume');
/** Ends the stream; started again under its name it goes on from its position. */
export const stopStreamSignal = wf.defineSignal('stop');
export const streamStateQuery = wf.defineQuery<{ state: StreamState; request: StreamRequest }>('state');

type StreamState = 'running' | 'paused' | 'stopped';

const { consume } = wf.proxyActivities<StreamActivities>({
  taskQueue: TASK_QUEUE.ingest,
  // A stream may run for years; its heartbeat tells that it lives. A dead reader is replaced after this long.
  startToCloseTimeout: '3650 days',
  heartbeatTimeout: '15s',
  cancellationType: wf.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});
const { markStream } = wf.proxyActivities<StreamActivities>({
  taskQueue: TASK_QUEUE.ingest,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
});

/** One running input. Keeps its reader alive until the input ends or a person stops it. */
export async function stream(request: StreamRequest): Promise<StreamProgress | undefined> {
  let state: StreamState = 'running';
  let reading = new wf.CancellationScope();
  const turnTo = (next: StreamState) => (): void => {
    if (state === 'stopped') return;
    state = next;
    if (next !== 'running') reading.cancel();
  };
  wf.setHandler(pauseStreamSignal, turnTo('paused'), { description: 'Stop reading; the position is kept' });
  wf.setHandler(resumeStreamSignal, turnTo('running'), { description: 'Read on from the position' });
  wf.setHandler(stopStreamSignal, turnTo('stopped'), { description: 'End the stream; the position is kept' });
  wf.setHandler(streamStateQuery, () => ({ state, request }));

  for (;;) {
    reading = new wf.CancellationScope();
    try {
      const summary = `read ${request.name}: ${request.survey} alerts from ${request.source.paths.length} paths`;
      return await reading.run(() => consume.executeWithOptions({ summary }, [request]));
    } catch (error) {
      if (!isCancellation(error) || state === 'running') throw error;
    }
    wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: state }]);
    await markStream.executeWithOptions({ summary: `${request.name} is ${state}` }, [request.name, state]);
    await wf.condition(() => state !== 'paused');
    if (state !== 'running') return undefined;
    wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: state }]);
  }
}
