import { WithStartWorkflowOperation } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import type { Deadline } from '../model/deadline.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import type { ObjectReaction } from '../store/documents.js';
import type { transient } from '../workflows/transient.js';
import { CliError } from './cli-error.js';
import type { Services } from './with-services.js';

/**
 * Asks something about a reaction of the object's workflow, which is started where it has closed: who wanted it, and why, stay
 * in its history.
 */
export async function updateObjectOf<Request extends { readonly requestedBy: string; readonly reason: string }>(
  { client, store }: Services,
  reaction: ObjectReaction,
  update: UpdateDefinition<boolean, [Request & { readonly deadline: Deadline }]>,
  request: Request,
): Promise<boolean> {
  const { _id: key, channel, channelHash, rule, objectId, stock, alertId, link, dueJd, setJd = dueJd } = reaction;
  const deadline: Deadline = { key, channel, channelHash, rule, alertId, setJd, link, dueJd };
  const alert = await store.alerts.findOne({ stock, alertId });
  if (alert === null) throw new CliError(`The alert ${alertId} of ${objectId} is not in the store`, 1);
  const stream = await store.streams.findOne({ _id: alert.stream });
  const clock = stream?.clock === 'stream' ? { stream: alert.stream } : 'live';
  return await client.workflow.executeUpdateWithStart(update, {
    startWorkflowOperation: new WithStartWorkflowOperation<typeof transient>('transient', {
      workflowId: workflowId.transient(objectId),
      taskQueue: TASK_QUEUE.workflows,
      args: [{ survey: alert.survey, objectId, stock, clock }],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
    args: [{ ...request, deadline }],
  });
}
