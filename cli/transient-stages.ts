import type { Client } from '@temporalio/client';
import { workflowId } from '../model/workflow-names.js';
import { ServerError } from '../servers/server-error.js';
import { connectTemporal, type ServiceAddresses } from '../worker/services.js';
import { searchAttribute } from '../workflows/search-attributes.js';

/** Names that can stand in a query of Temporal's as they are; all surveys' are such. */
const PLAIN_NAME = /^[\w.+-]+$/;
/** What an object is at whose workflow has closed. */
const CLOSED = 'quiet';

/** Asks Temporal at what stage objects are. */
export interface TransientStages {
  /** By name: `following`, `failed unit`, `cannot decide`, or `quiet` where no workflow runs. */
  of(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  close(): Promise<void>;
}

/** Without Temporal there are no stages, which is told on stderr: what is stored can be looked at all the same. */
export async function openTransientStages(addresses: ServiceAddresses): Promise<TransientStages> {
  let client: Client;
  try {
    client = await connectTemporal(addresses);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    process.stderr.write(`Without stages: ${error.message}\n`);
    return { of: () => Promise.resolve(new Map()), close: () => Promise.resolve() };
  }
  return { of: (names) => stagesOf(client, names), close: () => client.connection.close() };
}

async function stagesOf(client: Client, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const plain = names.filter((name) => PLAIN_NAME.test(name));
  const stages = new Map(plain.map((name) => [name, CLOSED]));
  if (plain.length === 0) return stages;
  const ids = plain.map((name) => `"${workflowId.transient(name)}"`).join(', ');
  const query = `WorkflowType="transient" AND ExecutionStatus="Running" AND WorkflowId IN (${ids})`;
  for await (const { workflowId: id, typedSearchAttributes } of client.workflow.list({ query })) {
    stages.set(id.slice(workflowId.transient('').length), typedSearchAttributes.get(searchAttribute.stage) ?? '');
  }
  return stages;
}
