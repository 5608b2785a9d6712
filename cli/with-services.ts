import { Connection, isGrpcServiceError, type Client } from '@temporalio/client';
import { MongoNetworkError, MongoServerSelectionError } from 'mongodb';
import { registerSearchAttributes } from '../servers/search-attributes.js';
import { ServerError } from '../servers/server-error.js';
import type { Store } from '../store/store.js';
import { connectStore, connectTemporal, findServices, type ServiceAddresses } from '../worker/services.js';
import { searchAttributeTypes } from '../workflows/search-attributes.js';

/** What a command works with. */
export interface Services {
  readonly addresses: ServiceAddresses;
  readonly client: Client;
  readonly store: Store;
}

/** Status of gRPC for a service that is not there. */
const UNAVAILABLE = 14;

/** Connects to Temporal and MongoDB for `use`, and lets both go again. Throws `ServerError` where one does not answer. */
export function withServices<Result>(use: (services: Services) => Promise<Result>): Promise<Result> {
  return withStore(async (store, addresses) => {
    const client = await connectTemporal(addresses);
    try {
      return await use({ addresses, client, store });
    } finally {
      await client.connection.close();
    }
  });
}

/** The same for what needs MongoDB only. */
export async function withStore<Result>(
  use: (store: Store, addresses: ServiceAddresses) => Promise<Result>,
): Promise<Result> {
  const addresses = await findServices();
  const store = await connectStore(addresses);
  try {
    return await use(store, addresses);
  } catch (error) {
    throw whereAway(error);
  } finally {
    await store.close();
  }
}

/** Makes sure that workflows can be found in the Temporal UI: a service that is not ours may not know our attributes yet. */
export async function prepareNamespace(client: Client, { temporal }: ServiceAddresses): Promise<void> {
  const { connection } = client;
  if (!(connection instanceof Connection)) return;
  try {
    await registerSearchAttributes(connection, temporal.namespace, searchAttributeTypes);
  } catch (error) {
    if (!isGrpcServiceError(error)) throw error;
    // Some services leave this to their administrators, who may have done it.
    process.stderr.write(`search attributes cannot be registered here: ${firstLine(error)}\n`);
  }
}

/** The error, or `ServerError` where it says that a service that was there does not answer any more. */
export function whereAway(error: unknown): unknown {
  return isAway(error) ? new ServerError(`A service went away: ${firstLine(error)}`) : error;
}

function isAway(error: unknown): boolean {
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const status: number | undefined = isGrpcServiceError(cause) ? cause.code : undefined;
  return status === UNAVAILABLE;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
