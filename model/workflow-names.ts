/** Task queues: one for each role that can run on machines of its own. */
export const TASK_QUEUE = {
  workflows: 'ampel-workflows',
  ingest: 'ampel-ingest',
  t2: 'ampel-t2',
  t3: 'ampel-t3',
} as const;

/** Of a group of T2 units; without: of those that name none. */
export function t2Queue(group?: string): string {
  return group === undefined ? TASK_QUEUE.t2 : `${TASK_QUEUE.t2}-${group}`;
}

/** Workflow ids: an object, a channel and a stream have one running workflow each. */
export const workflowId = {
  transient: (objectId: string): string => `transient/${objectId}`,
  channel: (name: string): string => `channel/${name}`,
  stream: (name: string): string => `stream/${name}`,
  /** Of the schedule of a periodic rule; its runs have the time behind it: `reaction/HU_RAPID/morning-2026-11-23T06:30:00Z`. */
  reaction: (channel: string, rule: string): string => `reaction/${channel}/${rule}`,
} as const;

/** Of the workflow that tries dead letters again: one for each time that a person asks. */
export function retryWorkflowId(at: Date): string {
  return `retry/${at.toISOString()}`;
}

/** Of the workflow that computes results once more. */
export function recomputeWorkflowId(at: Date): string {
  return `recompute/${at.toISOString()}`;
}
