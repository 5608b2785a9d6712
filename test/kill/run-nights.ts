import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRevision } from '../../model/channel.js';
import type { StreamProgress } from '../../model/stream.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import type { stream } from '../../workflows/stream.js';
import { VICTIMS, type Installation } from './harness.js';
import type { Blow } from './kill-plan.js';
import { persistently } from './persistently.js';
import { settleTransients } from './settle-transients.js';

export interface Blows {
  readonly plan: readonly Blow[];
  /** Documents in the journal and receipts at the end of the run: what the moments of the plan are shares of. */
  readonly steps: number;
  readonly report?: (line: string) => void;
}

export interface RunEnd {
  readonly progress: StreamProgress | undefined;
  /** Transients and units that failed, and why. */
  readonly unwell: readonly string[];
}

const STREAM = 'nights';
const BATCH = 25;
const POLL_MS = 50;

/** Reads the tars through a channel to their end, killing processes as planned, and returns when all work is done. */
export async function runNights(
  installation: Installation,
  paths: readonly string[],
  revision: ChannelRevision,
  blows?: Blows,
): Promise<RunEnd> {
  const { client, store, over } = installation;
  await client.workflow.start('channel', {
    workflowId: workflowId.channel(revision.channel.name),
    taskQueue: TASK_QUEUE.workflows,
    args: [revision],
  });
  while ((await persistently(over, () => store.channels.countDocuments({ state: 'active' }))) === 0)
    await sleep(POLL_MS);
  const handle = await client.workflow.start<typeof stream>('stream', {
    workflowId: workflowId.stream(STREAM),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ name: STREAM, survey: 'ztf', source: { kind: 'archive', paths }, clock: 'stream', batchSize: BATCH }],
  });
  if (blows !== undefined) await strike(installation, blows);
  while ((await persistently(over, () => handle.describe())).status.name === 'RUNNING') await sleep(POLL_MS);
  const unwell = await settleTransients(installation);
  return { progress: await handle.result(), unwell };
}

/** How far the run is: everything that is done leaves one of these. */
export async function stepsOf({ store }: Installation): Promise<number> {
  return (await store.journal.countDocuments()) + (await store.receipts.countDocuments());
}

async function strike(installation: Installation, { plan, steps, report }: Blows): Promise<void> {
  for (const { victims, at, downMs } of plan) {
    while ((await persistently(installation.over, () => stepsOf(installation))) < at * steps) await sleep(POLL_MS);
    report?.(`at ${(at * 100).toFixed(0)} %: ${victims.join(' and ')} away for ${downMs} ms`);
    await Promise.all(victims.map((victim) => installation.kill(victim)));
    await sleep(downMs);
    // Servers first: a worker that finds none at its start ends, and its supervisor takes a moment.
    for (const victim of VICTIMS) if (victims.includes(victim)) await installation.start(victim);
  }
}
