import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { RecomputeProgress, RecomputeRequest, RecomputeStatus } from '../model/recompute.js';
import { recomputeWorkflowId, TASK_QUEUE } from '../model/workflow-names.js';
import type { recompute } from '../workflows/recompute.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import { CliError } from './cli-error.js';
import { statusLine } from './status-line.js';
import { prepareNamespace, type Services } from './with-services.js';

export type RecomputeHandle = WorkflowHandleWithFirstExecutionRunId<typeof recompute>;

/** What the Temporal UI shows of a summary. */
const MAX_SUMMARY_LETTERS = 150;
const LOOK_EVERY_MS = 500;

/** Starts the workflow, behind everything else that workers have to do. */
export async function startRecompute(
  { client, addresses }: Services,
  request: RecomputeRequest,
): Promise<RecomputeHandle> {
  await prepareNamespace(client, addresses);
  const { unit = 'all units', channel, requestedBy, reason } = request;
  const of = channel === undefined ? '' : ` of ${channel}`;
  return await client.workflow.start<typeof recompute>('recompute', {
    ...{ workflowId: recomputeWorkflowId(new Date()), taskQueue: TASK_QUEUE.workflows, args: [request] },
    staticSummary: `${unit}${of} computed again for ${requestedBy}: ${reason}`.slice(0, MAX_SUMMARY_LETTERS),
    priority: { priorityKey: 5 },
    typedSearchAttributes: [
      { key: searchAttribute.stage, value: 'running' },
      ...(channel === undefined ? [] : [{ key: searchAttribute.channels, value: [channel] }]),
    ],
  });
}

/** Shows on stderr how far it is until it has ended. Throws `CliError` where it was ended before it was done. */
export async function recomputeEnd(handle: RecomputeHandle, results: number): Promise<RecomputeProgress> {
  const line = statusLine();
  const end = handle.result();
  try {
    for (;;) {
      const progress = await Promise.race([end, sleep(LOOK_EVERY_MS)]);
      if (progress !== undefined) return progress;
      const status = await statusOf(handle);
      if (status !== undefined) line.show(`${status.state}: ${status.computed + status.failed} of ${results} results`);
    }
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const why = error.cause?.message ?? error.message;
    throw new CliError(`${handle.workflowId} has ended: ${why}`, 1, 'Asked for again, it computes what is left.');
  } finally {
    line.end();
  }
}

/** Undefined where no worker answers: the recomputation waits for one. */
async function statusOf(handle: RecomputeHandle): Promise<RecomputeStatus | undefined> {
  try {
    return await handle.query<RecomputeStatus>('progress');
  } catch {
    return undefined;
  }
}
