import type { ServiceAddresses } from '../worker/services.js';

/** Page of a workflow's newest run in the Temporal UI; undefined where it is not known where that is. */
export function workflowUrl({ temporal }: ServiceAddresses, workflowId: string): string | undefined {
  const { uiUrl, namespace } = temporal;
  if (uiUrl === undefined) return undefined;
  return `${uiUrl.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
}
