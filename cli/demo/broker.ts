import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { startServers } from '../../servers/embedded.js';
import type { ReportProgress } from '../../servers/progress.js';
import type { Store } from '../../store/store.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers } from '../../worker/run-workers.js';
import { connectStore, connectTemporal, databaseName, type ServiceAddresses } from '../../worker/services.js';
import { builtWorkflows } from '../../worker/workflow-bundle.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { prepareNamespace } from '../with-services.js';
import type { Endings } from './endings.js';

/** A whole broker: servers, data base, and workers of all roles in this process. */
export interface Broker {
  /** Where servers of its own have their data. */
  readonly dataDir: string;
  readonly addresses: ServiceAddresses;
  readonly client: Client;
  readonly store: Store;
  /** Rejects where a worker ends by itself. */
  readonly failure: Promise<never>;
}

export interface BrokerOptions {
  /** Keep the data where `ampel up` keeps them, instead of in a folder that goes with the servers. */
  readonly keep: boolean;
  readonly onProgress: ReportProgress;
}

/** Work that is under way at Ctrl-C is not waited for longer: it would be done again, and nobody will miss it. */
const STOP_WITHIN_MS = 2_000;

/** Starts what is not running yet, and notes in `endings` how each part ends. Throws `ServerError`. */
export async function startBroker({ keep, onProgress }: BrokerOptions, endings: Endings): Promise<Broker> {
  const servers = await startServers({ ephemeral: !keep, searchAttributes: searchAttributeTypes, onProgress });
  endings.add(servers.stop);
  const addresses = { temporal: servers.temporal, mongodb: { ...servers.mongodb, database: databaseName() } };
  const store = await connectStore(addresses);
  endings.add(() => store.close());
  const client = await connectTemporal(addresses);
  endings.add(() => client.connection.close());
  await prepareNamespace(client, addresses);
  const bundle = builtWorkflows();
  // Not before it is used: a runtime that never ran a worker keeps the process alive.
  quietRuntime();
  const workers = await runWorkers({ services: addresses, roles: ROLES, store, bundle, clients: outsideClients() });
  const failure = workers.ended.then(() => {
    throw new Error('the workers have ended');
  });
  // Whoever waits for it hears of it; nobody has to.
  failure.catch(() => undefined);
  endings.add(() => Promise.race([workers.stop(), sleep(STOP_WITHIN_MS, undefined, { ref: false })]));
  return { dataDir: servers.dataDir, addresses, client, store, failure };
}
