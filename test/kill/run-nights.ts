import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRevision } from '../../model/channel.js';
import type { StreamProgress } from '../../model/stream.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import type { stream } from '../../workflows/stream.js';
import { statusQuery } from '../../workflows/transient.js';
import { VICTIMS, type Installation } from './harness.js';
import type { Blow } from './kill-plan.js';
import { persistently } from './persistently.js';

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
  const unwell = await settle(installation);
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
    // Servers first, as a worker that finds none at its start says so and ends.
    for (const victim of VICTIMS) if (victims.includes(victim)) await installation.start(victim);
  }
}

/**
 * Waits for each transient until nothing of it is under way: the stream ends when everything is decided and set off.
 * Answers what is not as it should be: transients that failed, units that failed.
 */
async function settle(installation: Installation): Promise<string[]> {
  const { store, over } = installation;
  const objects = await persistently(over, () => store.alerts.distinct('objectId'));
  return (await Promise.all(objects.map((objectId) => settleTransient(installation, objectId)))).flat();
}

async function settleTransient({ client, over }: Installation, objectId: string): Promise<string[]> {
  const handle = client.workflow.getHandle(workflowId.transient(objectId));
  for (;;) {
    const { queued, running, reacting, failed } = await persistently(over, () => handle.query(statusQuery));
    if (queued + running.length + reacting.length > 0) {
      await sleep(POLL_MS);
      continue;
    }
    const { status } = await persistently(over, () => handle.describe());
    const isWell = status.name === 'RUNNING' || status.name === 'COMPLETED';
    const units = failed.map(({ unit, error }) => `${objectId}: ${unit} failed: ${error}`);
    return isWell ? units : [`${objectId}: ${status.name}`, ...units];
  }
}
