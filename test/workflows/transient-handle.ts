import type { WorkflowHandle } from '@temporalio/client';
import { jdOfUnixMs } from '../../model/julian-date.js';
import type { DetectionRef } from '../../model/transient.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import { searchAttribute } from '../../workflows/search-attributes.js';
import type { TransientInput } from '../../workflows/transient-state.js';
import { detectionsSignal, type transient } from '../../workflows/transient.js';
import type { Rig } from './rig.js';

export type TransientHandle = WorkflowHandle<typeof transient>;

/** Passes detections on to an object's transient as a stream does: starts or reopens it where needed. */
export async function detect(
  { env }: Rig,
  objectId: string,
  detections: readonly DetectionRef[],
  input: Partial<TransientInput> = {},
): Promise<TransientHandle> {
  const { client } = env;
  await client.workflow.signalWithStart<typeof transient, [readonly DetectionRef[]]>('transient', {
    workflowId: workflowId.transient(objectId),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ survey: 'ztf', objectId, stock: `stock-${objectId}`, clock: 'live', ...input }],
    signal: detectionsSignal,
    signalArgs: [detections],
    typedSearchAttributes: [{ key: searchAttribute.stage, value: 'following' }],
  });
  return client.workflow.getHandle<typeof transient>(workflowId.transient(objectId));
}

/** The server's time as a Julian date. */
export async function nowJd({ env }: Rig): Promise<number> {
  return jdOfUnixMs(await env.currentTimeMs());
}
