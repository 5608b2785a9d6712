import { Client, Connection } from '@temporalio/client';
import { dataFolder, resolveServers } from '../servers/environment.js';
import { runningState } from '../servers/background.js';
import { localMongodb, localTemporal } from '../servers/local-address.js';
import { ServerError } from '../servers/server-error.js';
import { UnfitDeployment } from '../store/deployment.js';
import { openStore, type Store } from '../store/store.js';

/** Where the services of one installation are. */
export interface ServiceAddresses {
  readonly temporal: { readonly address: string; readonly namespace: string; readonly uiUrl?: string };
  readonly mongodb: { readonly uri: string; readonly database: string };
}

const START_HINT =
  'Start servers with "ampel up", or name yours: AMPEL_TEMPORAL_ADDRESS=host:port, AMPEL_MONGODB_URI=mongodb://…';

/** Addresses from the environment, else those of the servers that `ampel up` left running. Throws `ServerError`. */
export async function findServices(env: NodeJS.ProcessEnv = process.env): Promise<ServiceAddresses> {
  const plan = resolveServers(env);
  const background = plan.temporal && plan.mongodb ? {} : await runningState(dataFolder(env));
  const temporal = plan.temporal ?? (background.temporal && localTemporal(background.temporal));
  const mongodb = plan.mongodb ?? (background.mongodb && localMongodb(background.mongodb));
  if (temporal === undefined) throw new ServerError('No Temporal service is known.', START_HINT);
  if (mongodb === undefined) throw new ServerError('No MongoDB is known.', START_HINT);
  return { temporal, mongodb: { ...mongodb, database: databaseName(env) } };
}

export function databaseName(env: NodeJS.ProcessEnv = process.env): string {
  return env['AMPEL_DATABASE'] ?? 'ampel';
}

/** A client of Temporal. Throws `ServerError` where the service does not answer within 10 s. */
export async function connectTemporal({ temporal }: ServiceAddresses): Promise<Client> {
  try {
    const connection = await Connection.connect({ address: temporal.address, connectTimeout: '10s' });
    return new Client({ connection, namespace: temporal.namespace });
  } catch (error) {
    throw new ServerError(`Temporal does not answer at ${temporal.address}: ${messageOf(error)}`, START_HINT);
  }
}

/** The data base. Throws `ServerError` where MongoDB does not answer within 10 s. */
export async function connectStore({ mongodb }: ServiceAddresses): Promise<Store> {
  try {
    return await openStore(mongodb);
  } catch (error) {
    const what = error instanceof UnfitDeployment ? 'MongoDB cannot be used' : 'MongoDB does not answer';
    throw new ServerError(`${what}: ${messageOf(error)}`, START_HINT);
  }
}

/** The first line: drivers append whole topologies. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
