import { Context } from '@temporalio/activity';
import type { Trace } from '../store/documents.js';

/** The execution that runs this activity, for the documents it writes. */
export function currentTrace(): Trace {
  const { workflowExecution, activityId } = Context.current().info;
  return { workflowId: workflowExecution?.workflowId ?? '', runId: workflowExecution?.runId ?? '', activityId };
}
