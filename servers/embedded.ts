import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runningState } from './background.js';
import { findServerBinary, type FoundProgram } from './binary.js';
import { lockDataFolder } from './data-folder-lock.js';
import { dataFolder, resolveServers, type MongodbAddress, type TemporalAddress } from './environment.js';
import { localMongodb, localTemporal } from './local-address.js';
import { startMongod } from './mongod.js';
import type { Environment, ReportProgress } from './progress.js';
import type { SearchAttributes } from './search-attributes.js';
import { mongodProgram, temporalProgram } from './server-program.js';
import type { Launch, ServerProcess } from './server-process.js';
import { startTemporalServer } from './temporal-server.js';

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
  readonly process: ServerProcess | undefined;
}

interface Place {
  readonly folder: string;
  readonly life: 'guarded';
  readonly discard: Launch['discard'];
  readonly onSpawn: (process: ServerProcess) => Promise<void>;
}

/**
 * Starts Temporal's dev server and MongoDB for as long as this process lives (also if it is killed), and returns when
 * both serve. A service that is named in the environment, or that `ampel up` has started on the data folder, is used
 * instead and left running. Throws `ServerError`.
 */
export async function startServers(options: StartOptions = {}): Promise<RunningServers> {
  const { env = process.env, ephemeral = false } = options;
  const dataDir = ephemeral ? await mkdtemp(join(tmpdir(), 'ampel-')) : resolve(options.dataDir ?? dataFolder(env));
  const lock = ephemeral ? undefined : await lockDataFolder(dataDir);
  const release = async (): Promise<void> => {
    await lock?.release();
    if (ephemeral) await rm(dataDir, { recursive: true, force: true });
  };
  const place = (name: string): Place => {
    const folder = join(dataDir, name);
    const discard = ephemeral ? { folders: [folder], ifEmpty: dataDir } : undefined;
    return { folder, life: 'guarded', discard, onSpawn: async ({ identity }) => lock?.note(identity) };
  };
  try {
    return await startBoth(options, dataDir, place, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function startBoth(
  options: StartOptions,
  dataDir: string,
  place: (name: string) => Place,
  release: () => Promise<void>,
): Promise<RunningServers> {
  const { env = process.env, onProgress } = options;
  const plan = resolveServers(env);
  const state = await runningState(dataDir);
  // One after the other: two downloads at once would write over each other's progress.
  const temporal =
    plan.temporal ??
    (state.temporal && localTemporal(state.temporal)) ??
    (await findServerBinary(temporalProgram, { env, onProgress }));
  const mongodb =
    plan.mongodb ??
    (state.mongodb && localMongodb(state.mongodb)) ??
    (await findServerBinary(mongodProgram, { env, onProgress }));
  if ('path' in temporal || 'path' in mongodb) onProgress?.({ message: 'starting servers' });
  const starts = await Promise.allSettled([
    useTemporal(temporal, plan.namespace, options, place('temporal')),
    useMongodb(mongodb, options, place('mongodb')),
  ]);
  const stop = async (): Promise<void> => {
    for (const start of starts) if (start.status === 'fulfilled') await start.value.process?.stop();
    await release();
  };
  const [temporalStart, mongodbStart] = starts;
  if (temporalStart.status === 'fulfilled' && mongodbStart.status === 'fulfilled') {
    return { temporal: temporalStart.value.address, mongodb: mongodbStart.value.address, dataDir, stop };
  }
  await stop();
  throw starts.find((start) => start.status === 'rejected')?.reason;
}

async function useTemporal(
  found: TemporalAddress | FoundProgram,
  namespace: string,
  options: StartOptions,
  place: Place,
): Promise<Service<TemporalAddress>> {
  if ('address' in found) return { address: found, process: undefined };
  const { temporalPort: port = 0, uiPort = 0, searchAttributes = {} } = options;
  const started = await startTemporalServer({ program: found, namespace, searchAttributes, port, uiPort, ...place });
  return { address: started.temporal, process: started.process };
}

async function useMongodb(
  found: MongodbAddress | FoundProgram,
  options: StartOptions,
  place: Place,
): Promise<Service<MongodbAddress>> {
  if ('uri' in found) return { address: found, process: undefined };
  const { mongoPort: port = 0, mongoCacheSizeGb: cacheSizeGb } = options;
  const started = await startMongod({ program: found, port, cacheSizeGb, ...place });
  return { address: started.mongodb, process: started.process };
}
