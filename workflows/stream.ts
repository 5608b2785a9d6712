import * as wf from '@temporalio/workflow';
import { sourceText } from '../model/stream-source.js';
import type { StreamActivities, StreamProgress, StreamRequest } from '../model/stream.js';
import { TASK_QUEUE } from '../model/workflow-names.js';
import { searchAttribute } from './search-attributes.js';

// ---------------------------------------------------------------- messages

/** Stops reading after the batch under way; the position is kept. */
export const pauseStreamSignal = wf.defineSignal('pause');
export const resumeStreamSignal = wf.defineSignal('resume');
/** Ends the stream; started again under its name it goes on from its position. */
export const stopStreamSignal = wf.defineSignal('stop');
export const streamStateQuery = wf.defineQuery<StreamStatus>('state');

export interface StreamStatus {
  readonly state: StreamState;
  readonly request: StreamRequest;
}

export type StreamState = 'running' | 'paused' | 'stopped';

// ---------------------------------------------------------------- activities and limits

const { consume } = wf.proxyActivities<StreamActivities>({
  taskQueue: TASK_QUEUE.ingest,
  // A stream may run for years; its heartbeat tells that it lives.
  startToCloseTimeout: '3650 days',
  // A dead reader is replaced after this long. One batch takes a few seconds.
  heartbeatTimeout: '15s',
  // Before the next reader starts, the last one has acknowledged its batch.
  cancellationType: wf.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // Without limit: the stream goes on when the store is back.
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

const { settle } = wf.proxyActivities<StreamActivities>({
  taskQueue: TASK_QUEUE.ingest,
  // As long as the slowest unit needs for the last alerts.
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '15s',
  cancellationType: wf.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

const { markStream } = wf.proxyActivities<StreamActivities>({
  taskQueue: TASK_QUEUE.ingest,
  // One small write.
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
});

/** The UI shows about this much of a summary. */
const MAX_SUMMARY_LETTERS = 150;
/** A pause and its end make 20 events. Years of reading make none: only a stream that is paused often gets here. */
const MAX_HISTORY_EVENTS = 300;

interface Run {
  readonly request: StreamRequest;
  wanted: StreamState;
  /** What the Temporal UI can filter by; a stream that was just started needs no event to say so. */
  noted: StreamState;
  /** Of the reader, while there is one. */
  reading?: wf.CancellationScope;
}

// ---------------------------------------------------------------- workflow

/** One running input. Keeps its reader alive until the input ends, which gives its progress, or until a person stops it. */
export async function stream(request: StreamRequest): Promise<StreamProgress | undefined> {
  const run: Run = { request, wanted: 'running', noted: 'running' };
  handleMessages(run);
  try {
    return await keepReading(run);
  } catch (error) {
    if (wf.isCancellation(error)) await wf.CancellationScope.nonCancellable(() => mark(run, 'stopped'));
    throw error;
  }
}

// ---------------------------------------------------------------- handlers: they only note what is wanted

function handleMessages(run: Run): void {
  const turnTo = (state: StreamState) => (): void => {
    if (run.wanted === 'stopped') return;
    run.wanted = state;
    if (state !== 'running') run.reading?.cancel();
  };
  wf.setHandler(pauseStreamSignal, turnTo('paused'), { description: 'Stop reading; the position is kept' });
  wf.setHandler(resumeStreamSignal, turnTo('running'), { description: 'Read on from the position' });
  wf.setHandler(stopStreamSignal, turnTo('stopped'), { description: 'End the stream; the position is kept' });
  wf.setHandler(streamStateQuery, () => ({ state: run.wanted, request: run.request }));
}

// ---------------------------------------------------------------- loop

async function keepReading(run: Run): Promise<StreamProgress | undefined> {
  for (;;) {
    const state = run.wanted;
    note(run, state);
    if (state === 'running') {
      // Here nothing is to be handed over but the request.
      if (wf.workflowInfo().historyLength > MAX_HISTORY_EVENTS) await wf.continueAsNew<typeof stream>(run.request);
      const progress = await readOn(run);
      if (progress !== undefined) return progress;
    } else {
      await mark(run, state);
      if (state === 'stopped') return undefined;
      await wf.condition(() => run.wanted !== state);
    }
  }
}

/** Reads to the input's end; undefined where the reader was called off, even if reading is wanted again by now. */
async function readOn(run: Run): Promise<StreamProgress | undefined> {
  const workflow = wf.CancellationScope.current();
  const reading = new wf.CancellationScope();
  run.reading = reading;
  try {
    return await reading.run(() => readToEnd(run.request));
  } catch (error) {
    // Not by its kind: a reader that fails after it was called off ends with its failure, and is not tried again.
    if (!reading.consideredCancelled) throw error;
    if (workflow.consideredCancelled)
      throw wf.isCancellation(error) ? error : new wf.CancelledFailure(`${run.request.name} is called off`);
    return undefined;
  }
}

async function readToEnd(request: StreamRequest): Promise<StreamProgress> {
  const { name, survey, source, readers = 1 } = request;
  const each = Array.from({ length: readers }, (_, reader) => {
    const who = readers === 1 ? '' : `reader ${reader + 1} of ${readers}: `;
    const summary = `${who}${survey} from ${sourceText(source)}`.slice(0, MAX_SUMMARY_LETTERS);
    return consume.executeWithOptions({ summary }, [request, reader]);
  });
  const ends = await Promise.all(each);
  await settle.executeWithOptions({ summary: `wait for what ${name} has set off` }, [request]);
  return ends.reduce(together);
}

function together(one: StreamProgress, other: StreamProgress): StreamProgress {
  return {
    ...one,
    position: one.position + other.position,
    unreadable: one.unreadable + other.unreadable,
    forwarded: one.forwarded + other.forwarded,
    clockJd: Math.max(one.clockJd, other.clockJd),
    alertsPerSecond: one.alertsPerSecond + other.alertsPerSecond,
  };
}

async function mark({ request: { name } }: Run, state: 'paused' | 'stopped'): Promise<void> {
  await markStream.executeWithOptions({ summary: `${name} is ${state}` }, [name, state]);
}

function note(run: Run, state: StreamState): void {
  if (state === run.noted) return;
  run.noted = state;
  wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: state }]);
}
