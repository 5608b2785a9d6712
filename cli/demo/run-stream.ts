import { setTimeout as sleep } from 'node:timers/promises';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import { stopStreamSignal, type stream } from '../../workflows/stream.js';
import type { Broker } from './broker.js';
import { streamTotals } from '../../store/stream-positions.js';
import type { Endings } from './endings.js';

export interface StreamToRead {
  readonly name: string;
  readonly survey: string;
  readonly paths: readonly string[];
}

/** How far a stream is. */
export interface StreamStanding {
  /** Alerts that are read and have had their effects. */
  readonly position: number;
  /** Alerts that their transients have still to decide on. */
  readonly undecided: number;
}

/** A few round trips a night: small enough to see it move, large enough for the store. */
const BATCH_SIZE = 200;
const LOOK_EVERY_MS = 250;

/**
 * Reads nights as a stream with a clock of its own, to their end: every transient has decided, and what fell due within
 * the nights has been done. Tells how far it is. Where it is called off, the stream is stopped and keeps its position.
 */
export async function runStream(
  { client, store }: Broker,
  { name, survey, paths }: StreamToRead,
  onStanding: (standing: StreamStanding) => void,
  endings: Endings,
): Promise<void> {
  const handle = await client.workflow.start<typeof stream>('stream', {
    ...{ workflowId: workflowId.stream(name), taskQueue: TASK_QUEUE.workflows },
    args: [{ name, survey, source: { kind: 'archive', paths }, clock: 'stream', batchSize: BATCH_SIZE }],
    staticSummary: `${paths.length} nights of ${survey}`,
    // Left by a demo that was killed: this one reads on from its position.
    workflowIdConflictPolicy: 'TERMINATE_EXISTING',
  });
  let hasEnded = false;
  endings.add(async () => {
    if (!hasEnded) await handle.signal(stopStreamSignal);
  });
  // Asked now and then, as a call that waits for the result would be in the way of closing the connection.
  for (;;) {
    const { status } = await handle.describe();
    const { position } = await streamTotals(store, name);
    const undecided = await store.alerts.countDocuments({ stream: name, pending: true });
    onStanding({ position, undecided });
    if (status.name !== 'RUNNING') break;
    await sleep(LOOK_EVERY_MS);
  }
  hasEnded = true;
  await handle.result();
}
