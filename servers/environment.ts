import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from './progress.js';

/** Where Temporal is reached. */
export interface TemporalAddress {
  readonly address: string;
  readonly namespace: string;
  /** Unknown for a service that was not started by us. */
  readonly uiUrl: string | undefined;
}

/** Where MongoDB is reached; the URI names no database. */
export interface MongodbAddress {
  readonly uri: string;
}

/** Which services exist already; what is undefined has to be started. */
export interface ServerPlan {
  readonly namespace: string;
  readonly temporal: TemporalAddress | undefined;
  readonly mongodb: MongodbAddress | undefined;
}

/**
 * Reads which services to use from the environment: `AMPEL_TEMPORAL_ADDRESS` (`host:port`), `AMPEL_TEMPORAL_NAMESPACE`
 * and `AMPEL_MONGODB_URI` name services that run already. Each of the two that is not named is started by us.
 */
export function resolveServers(env: Environment = process.env): ServerPlan {
  const namespace = nonEmpty(env['AMPEL_TEMPORAL_NAMESPACE']) ?? 'default';
  const address = nonEmpty(env['AMPEL_TEMPORAL_ADDRESS']);
  const uri = nonEmpty(env['AMPEL_MONGODB_URI']);
  return {
    namespace,
    temporal: address === undefined ? undefined : { address, namespace, uiUrl: nonEmpty(env['AMPEL_TEMPORAL_UI_URL']) },
    mongodb: uri === undefined ? undefined : { uri },
  };
}

/** The folder for the data of servers that we start: `AMPEL_HOME`, else the user's data folder. */
export function dataFolder(env: Environment = process.env): string {
  const data = nonEmpty(env['XDG_DATA_HOME']) ?? join(homedir(), '.local', 'share');
  return nonEmpty(env['AMPEL_HOME']) ?? join(data, 'ampel-temporal');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
