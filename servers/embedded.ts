import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServerBinary, type FoundProgram } from './binary.js';
import { dataFolder, resolveServers, type MongodbAddress, type TemporalAddress } from './environment.js';
import { startMongod } from './mongod.js';
import type { Environment, ReportProgress } from './progress.js';
import type { SearchAttributes } from './search-attributes.js';
import { mongodProgram, temporalProgram } from './server-program.js';
import { startTemporalServer, type TemporalServerOptions } from './temporal-server.js';

export interface StartOptions {
  /** Where the data are kept; default `dataFolder(env)`. Not used with `ephemeral`. */
  readonly dataDir?: string;
  /** Data in a temporary folder that goes with the servers. */
  readonly ephemeral?: boolean;
  /** 0, the default, takes free ports. */
  readonly temporalPort?: number;
  readonly uiPort?: number;
  readonly mongoPort?: number;
  /** Registered with the namespace. */
  readonly searchAttributes?: SearchAttributes;
  readonly mongoCacheSizeGb?: number;
  readonly onProgress?: ReportProgress;
  readonly env?: Environment;
}

export interface RunningServers {
  readonly temporal: TemporalAddress;
  readonly mongodb: MongodbAddress;
  readonly dataDir: string;
  /** Stops what was started here, and nothing else. */
  readonly stop: () => Promise<void>;
}

/** A service in use and what ends it, if that is ours to end. */
interface Service<Address> {
  readonly address: Address;
  readonly stop: () => Promise<void>;
}

type Place = Pick<TemporalServerOptions, 'folder' | 'life' | 'discard'>;

/**
 * Starts Temporal's dev server and MongoDB for as long as this process lives (also if it is killed), and returns when
 * both serve. A service named in the environment is used instead and left running. Throws `ServerError`.
 */
export async function startServers(options: StartOptions = {}): Promise<RunningServers> {
  const { env = process.env, ephemeral = false } = options;
  const plan = resolveServers(env);
  const find = { env, onProgress: options.onProgress };
  // One after the other: two downloads at once would write over each other's progress.
  const temporal = plan.temporal ?? (await findServerBinary(temporalProgram, find));
  const mongodb = plan.mongodb ?? (await findServerBinary(mongodProgram, find));
  const dataDir = ephemeral ? await mkdtemp(join(tmpdir(), 'ampel-')) : (options.dataDir ?? dataFolder(env));
  const place = (name: string): Place => {
    const folder = join(dataDir, name);
    return { folder, life: 'guarded', discard: ephemeral ? { folders: [folder], ifEmpty: dataDir } : undefined };
  };
  const starts = await Promise.allSettled([
    useTemporal(temporal, plan.namespace, options, place('temporal')),
    useMongodb(mongodb, options, place('mongodb')),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all(starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value.stop()] : [])));
    if (ephemeral) await rm(dataDir, { recursive: true, force: true });
  };
  const failure = starts.find((start) => start.status === 'rejected');
  const [temporalStart, mongodbStart] = starts;
  if (temporalStart.status === 'rejected' || mongodbStart.status === 'rejected') {
    await stop();
    throw failure?.reason;
  }
  return { temporal: temporalStart.value.address, mongodb: mongodbStart.value.address, dataDir, stop };
}

async function useTemporal(
  found: TemporalAddress | FoundProgram,
  namespace: string,
  options: StartOptions,
  place: Place,
): Promise<Service<TemporalAddress>> {
  if ('address' in found) return { address: found, stop: leaveRunning };
  const { temporalPort: port = 0, uiPort = 0, searchAttributes = {} } = options;
  const server = await startTemporalServer({ program: found, namespace, searchAttributes, port, uiPort, ...place });
  const { address, uiUrl, process } = server;
  return { address: { address, uiUrl, namespace }, stop: process.stop };
}

async function useMongodb(
  found: MongodbAddress | FoundProgram,
  options: StartOptions,
  place: Place,
): Promise<Service<MongodbAddress>> {
  if ('uri' in found) return { address: found, stop: leaveRunning };
  const { mongoPort: port = 0, mongoCacheSizeGb: cacheSizeGb } = options;
  const { uri, process } = await startMongod({ program: found, port, cacheSizeGb, ...place });
  return { address: { uri }, stop: process.stop };
}

async function leaveRunning(): Promise<void> {
  // A service named in the environment is somebody else's to stop.
}
