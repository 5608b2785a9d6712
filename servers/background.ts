import { rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findServerBinary } from './binary.js';
import { lockDataFolder } from './data-folder-lock.js';
import { dataFolder, resolveServers } from './environment.js';
import { startMongod } from './mongod.js';
import { isRunning } from './process-identity.js';
import type { Environment, ReportProgress } from './progress.js';
import type { SearchAttributes } from './search-attributes.js';
import { mongodProgram, temporalProgram } from './server-program.js';
import { stopProcess } from './server-process.js';
import { readState, stateFile, writeState, type BackgroundState } from './state-file.js';
import { startTemporalServer } from './temporal-server.js';

export interface BackgroundOptions {
  /** Default `dataFolder(env)`. */
  readonly dataDir?: string;
  readonly env?: Environment;
}

export interface UpOptions extends BackgroundOptions {
  /** Ports: 0 takes a free one. */
  readonly temporalPort: number;
  readonly uiPort: number;
  readonly mongoPort: number;
  readonly searchAttributes?: SearchAttributes;
  readonly onProgress?: ReportProgress;
}

type ServerName = 'temporal' | 'mongodb';

/**
 * Starts in the background whichever of the two servers is needed and does not run yet, and answers which it started.
 * They stay until `stopBackground`. Throws `ServerError`; what this call had started is then stopped again.
 */
export async function startBackground(options: UpOptions): Promise<ServerName[]> {
  const { env = process.env } = options;
  const folder = resolve(options.dataDir ?? dataFolder(env));
  const plan = resolveServers(env);
  const lock = await lockDataFolder(folder);
  try {
    const state = await runningState(folder);
    const started: ServerName[] = [];
    try {
      if (plan.temporal === undefined && state.temporal === undefined) {
        started.push('temporal');
        await startTemporal(options, plan.namespace, folder, state);
      }
      if (plan.mongodb === undefined && state.mongodb === undefined) {
        started.push('mongodb');
        await startMongodb(options, folder, state);
      }
    } catch (error) {
      await stopServers(folder, state, started);
      throw error;
    }
    return started;
  } finally {
    await lock.release();
  }
}

/** Stops the servers that `startBackground` left on the folder and answers which ran; with `removeData` the data go too. */
export async function stopBackground(
  options: BackgroundOptions & { removeData?: boolean } = {},
): Promise<ServerName[]> {
  const folder = resolve(options.dataDir ?? dataFolder(options.env));
  const lock = await lockDataFolder(folder);
  try {
    const state = await runningState(folder);
    const running = serverNames(state);
    await stopServers(folder, state, running);
    await rm(stateFile(folder), { force: true });
    if (options.removeData === true) {
      // By name: the folder is the user's choice and may hold more than ours.
      for (const name of ['temporal', 'mongodb']) await rm(join(folder, name), { recursive: true, force: true });
    }
    return running;
  } finally {
    await lock.release();
    await rmdir(folder).catch(() => undefined);
  }
}

/** What the state file says, without servers that have ended since: killed, or gone with a restart of the machine. */
export async function runningState(folder: string): Promise<BackgroundState> {
  const { temporal, mongodb } = await readState(folder);
  return {
    temporal: temporal !== undefined && (await isRunning(temporal.identity)) ? temporal : undefined,
    mongodb: mongodb !== undefined && (await isRunning(mongodb.identity)) ? mongodb : undefined,
  };
}

async function startTemporal(
  options: UpOptions,
  namespace: string,
  folder: string,
  state: BackgroundState,
): Promise<void> {
  const { env = process.env, onProgress, searchAttributes = {} } = options;
  const program = await findServerBinary(temporalProgram, { env, onProgress });
  onProgress?.({ message: `starting ${temporalProgram.title}` });
  await startTemporalServer({
    program,
    namespace,
    searchAttributes,
    folder: join(folder, 'temporal'),
    port: options.temporalPort,
    uiPort: options.uiPort,
    life: 'detached',
    // Noted before it serves: if we are interrupted now, `ampel down` still finds it.
    onSpawn: async ({ identity }, ports) => {
      state.temporal = { identity, namespace, version: program.version, ...ports };
      await writeState(folder, state);
    },
  });
}

async function startMongodb(options: UpOptions, folder: string, state: BackgroundState): Promise<void> {
  const { env = process.env, onProgress } = options;
  const program = await findServerBinary(mongodProgram, { env, onProgress });
  onProgress?.({ message: `starting ${mongodProgram.title}` });
  await startMongod({
    program,
    folder: join(folder, 'mongodb'),
    port: options.mongoPort,
    life: 'detached',
    onSpawn: async ({ identity }, port) => {
      state.mongodb = { identity, port, version: program.version };
      await writeState(folder, state);
    },
  });
}

async function stopServers(folder: string, state: BackgroundState, names: readonly ServerName[]): Promise<void> {
  for (const name of names) {
    const server = state[name];
    if (server !== undefined) await stopProcess(server.identity);
    state[name] = undefined;
  }
  await writeState(folder, state);
}

function serverNames(state: BackgroundState): ServerName[] {
  return (['temporal', 'mongodb'] as const).filter((name) => state[name] !== undefined);
}
