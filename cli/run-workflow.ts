import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client';
import { unixMsOfJd } from '../model/julian-date.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import type { ReactionDocument } from '../store/documents.js';
import type { reaction } from '../workflows/reaction.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import type { Services } from './with-services.js';

interface RunOf {
  readonly channel: string;
  readonly channelHash: string;
  readonly rule: string;
  readonly dueMs: number;
}

/** Id of the workflow of a run, the same as that which the schedule starts at this time. */
export function runWorkflowId({ channel, rule, dueMs }: RunOf): string {
  return `${workflowId.reaction(channel, rule)}-${new Date(dueMs).toISOString().slice(0, 19)}Z`;
}

/** Starts a run; undefined where there was one of this time. */
export async function startRun(
  { client }: Pick<Services, 'client'>,
  run: RunOf,
  { isAgain = false }: { readonly isAgain?: boolean } = {},
): Promise<WorkflowHandle<typeof reaction> | undefined> {
  const { channel, channelHash, rule, dueMs } = run;
  try {
    return await client.workflow.start<typeof reaction>('reaction', {
      workflowId: runWorkflowId(run),
      taskQueue: TASK_QUEUE.workflows,
      args: [{ channel, channelHash, rule, dueMs }],
      workflowIdReusePolicy: isAgain ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY',
      staticSummary: `${rule} of ${channel}, asked for by a person`,
      typedSearchAttributes: [
        { key: searchAttribute.channels, value: [channel] },
        { key: searchAttribute.stage, value: 'running' },
      ],
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
    throw error;
  }
}

/** Lets a run go on whose message a person wants to be sent again: what it has selected stays. */
export async function runOnceMore(
  services: Services,
  { channel, channelHash, rule, dueJd }: ReactionDocument,
): Promise<void> {
  const dueMs = Math.round(unixMsOfJd(dueJd) / 1000) * 1000;
  await startRun(services, { channel, channelHash, rule, dueMs }, { isAgain: true });
}
