import { runningState, type BackgroundOptions } from './background.js';
import { dataFolder, resolveServers, type MongodbAddress, type TemporalAddress } from './environment.js';
import { localMongodb, localTemporal } from './local-address.js';
import { ServerError } from './server-error.js';

export interface ServerAddresses {
  readonly temporal: TemporalAddress;
  readonly mongodb: MongodbAddress;
}

/**
 * The services to work with: those named in the environment, else those that `ampel up` left running. For commands that
 * need servers and start none. Throws `ServerError` when there is one missing.
 */
export async function findRunningServers(options: BackgroundOptions = {}): Promise<ServerAddresses> {
  const { env = process.env } = options;
  const folder = options.dataDir ?? dataFolder(env);
  const plan = resolveServers(env);
  const state = await runningState(folder);
  const temporal = plan.temporal ?? (state.temporal && localTemporal(state.temporal));
  const mongodb = plan.mongodb ?? (state.mongodb && localMongodb(state.mongodb));
  if (temporal === undefined) throw missing('Temporal', folder, 'AMPEL_TEMPORAL_ADDRESS=host:port');
  if (mongodb === undefined) throw missing('MongoDB', folder, 'AMPEL_MONGODB_URI=mongodb://host:port');
  return { temporal, mongodb };
}

function missing(title: string, folder: string, variable: string): ServerError {
  return new ServerError(
    `${title} does not run (looked in ${folder} and in the environment).`,
    `Start it with: ampel up. Or name one that runs elsewhere: ${variable}`,
  );
}
