/** Task queues: one for each role that can run on machines of its own. */
export const TASK_QUEUE = {
  workflows: 'ampel-workflows',
  ingest: 'ampel-ingest',
  t2: 'ampel-t2',
  t3: 'ampel-t3',
} as const;

/** Workflow ids: an object, a channel and a stream have one running workflow each. */
export const workflowId = {
  transient: (objectId: string): string => `transient/${objectId}`,
  channel: (name: string): string => `channel/${name}`,
  stream: (name: string): string => `stream/${name}`,
} as const;

/** Of the workflow that tries dead letters again: one for each time that a person asks. */
export function retryWorkflowId(at: Date): string {
  return `retry/${at.toISOString()}`;
}
