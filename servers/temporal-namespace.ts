import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { registerSearchAttributes, type SearchAttributes } from './search-attributes.js';

const run = promisify(execFile);

const CONNECT_TIMEOUT = '5s';
const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';
const SERVING = 1;

/** Histories of closed workflows are kept this long; Temporal's dev server would drop them after a day. */
const RETENTION_HOURS = 720;

/**
 * Makes the namespace of a dev server ready: rejects while the service is not serving or the namespace is not there
 * yet, so that it can be tried again.
 */
export async function prepareNamespace(
  program: string,
  address: string,
  namespace: string,
  searchAttributes: SearchAttributes,
): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_TIMEOUT });
  try {
    const { status }: { status: number } = await connection.healthService.check({ service: FRONTEND });
    if (status !== SERVING) throw new Error(`its health is ${status}, expected ${SERVING}`);
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const retentionS = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
    if (retentionS < RETENTION_HOURS * 3600) await keepHistories(program, address, namespace);
    await registerSearchAttributes(connection, namespace, searchAttributes);
  } finally {
    await connection.close();
  }
}

async function keepHistories(program: string, address: string, namespace: string): Promise<void> {
  const where = ['--address', address, '--namespace', namespace];
  await run(program, ['operator', 'namespace', 'update', ...where, '--retention', `${RETENTION_HOURS}h`]);
}
