import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamRequest } from '../../model/stream.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import { streamTotals } from '../../store/stream-positions.js';
import { stopStreamSignal, type stream } from '../../workflows/stream.js';
import { poll } from '../poll.js';
import type { Broker } from './broker.js';
import type { Endings } from './endings.js';

/** How far a stream is. */
export interface StreamStanding {
  /** Alerts that are read and have had their effects. */
  readonly position: number;
  /** Alerts that their transients have still to decide on. */
  readonly undecided: number;
}

/** A stream that was started; it is stopped, and keeps its position, where the demo is called off. */
export interface RunningStream {
  /** How far it is. Throws where the stream has failed. */
  look(): Promise<StreamStanding & { readonly isRunning: boolean }>;
  /** Ends it after the batch under way; returns when nobody reads any more. */
  stop(): Promise<void>;
}

/** A few round trips a night: small enough to see it move, large enough for the store. */
export const BATCH_SIZE = 200;
export const LOOK_EVERY_MS = 250;
/** A batch takes a few seconds at most. */
const STOPPED_WITHIN_MS = 5_000;

/** Starts a stream under its name, or goes on with it where it was. */
export async function startStream(
  { client, store }: Broker,
  request: StreamRequest,
  summary: string,
  endings: Endings,
): Promise<RunningStream> {
  const { name } = request;
  const handle = await client.workflow.start<typeof stream>('stream', {
    ...{ workflowId: workflowId.stream(name), taskQueue: TASK_QUEUE.workflows, args: [request] },
    staticSummary: summary,
    // Left by a demo that was killed: this one reads on from its position.
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
  let hasEnded = false;
  const isRunning = async (): Promise<boolean> => {
    // Asked now and then, as a call that waits for the result would be in the way of closing the connection.
    const { status } = await handle.describe();
    hasEnded = status.name !== 'RUNNING';
    return !hasEnded;
  };
  const stop = async (): Promise<void> => {
    if (hasEnded || !(await isRunning())) return;
    await handle.signal(stopStreamSignal);
    await poll(async () => ((await isRunning()) ? undefined : true), STOPPED_WITHIN_MS);
  };
  endings.add(stop);
  return {
    stop,
    async look() {
      const runs = await isRunning();
      if (!runs) await handle.result();
      const { position } = await streamTotals(store, name);
      return {
        position,
        undecided: await store.alerts.countDocuments({ stream: name, pending: true }),
        isRunning: runs,
      };
    },
  };
}

/**
 * Reads a stream to its end: every transient has decided, and what fell due within the nights has been done. Tells how
 * far it is.
 */
export async function runStream(
  broker: Broker,
  request: StreamRequest,
  { summary, onStanding }: { readonly summary: string; readonly onStanding?: (standing: StreamStanding) => void },
  endings: Endings,
): Promise<void> {
  const running = await startStream(broker, request, summary, endings);
  for (;;) {
    const { isRunning, ...standing } = await running.look();
    onStanding?.(standing);
    if (!isRunning) return;
    await sleep(LOOK_EVERY_MS);
  }
}
