import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { workflowId } from '../model/workflow-names.js';
import { ServerError } from '../servers/server-error.js';
import { connectTemporal, type ServiceAddresses } from '../worker/services.js';
import type { TransientStatus } from '../workflows/transient-state.js';

/** The workflow of an object as Temporal knows it. */
export interface TransientWorkflow {
  readonly workflowId: string;
  readonly runId: string;
  /** `RUNNING`, `COMPLETED`, … */
  readonly state: string;
  /** What it is at; only where it runs and a worker answers. */
  readonly status?: TransientStatus;
  /** Its page in the Temporal UI, where that is known. */
  readonly url?: string;
}

/** A worker that is there answers within milliseconds. */
const ANSWER_MS = 5_000;

/** Undefined where there is no such workflow (any more). Without Temporal too, which is told on stderr. */
export async function transientWorkflow(
  addresses: ServiceAddresses,
  objectId: string,
): Promise<TransientWorkflow | undefined> {
  let client: Client;
  try {
    client = await connectTemporal(addresses);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`Without the state of its workflow: ${error.message}\n`);
    return undefined;
  }
  try {
    return await described(client, addresses, workflowId.transient(objectId));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  } finally {
    await client.connection.close();
  }
}

async function described(
  client: Client,
  { temporal }: ServiceAddresses,
  id: string,
): Promise<TransientWorkflow | undefined> {
  const { runId, status } = await client.workflow.getHandle(id).describe();
  const running = status.name === 'RUNNING' ? await statusOf(client, id) : undefined;
  const { uiUrl, namespace } = temporal;
  return {
    ...{ workflowId: id, runId, state: status.name },
    ...(running && { status: running }),
    ...(uiUrl !== undefined && {
      url: `${uiUrl.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${encodeURIComponent(id)}/${runId}/history`,
    }),
  };
}

async function statusOf(client: Client, id: string): Promise<TransientStatus | undefined> {
  const query = (): Promise<TransientStatus> => client.workflow.getHandle(id).query<TransientStatus>('status');
  try {
    return await client.withDeadline(Date.now() + ANSWER_MS, query);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    process.stderr.write(`Its workflow runs but no worker answers (${why}); start one with "ampel worker".\n`);
    return undefined;
  }
}
