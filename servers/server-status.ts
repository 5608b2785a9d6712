import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { runningState, type BackgroundOptions } from './background.js';
import { dataFolder, resolveServers } from './environment.js';
import { localMongodb, localTemporal } from './local-address.js';

/** `external`: named in the environment, not ours. */
export type ServerState = 'running' | 'stopped' | 'external';

export interface ServerStatus {
  readonly server: 'temporal' | 'mongodb';
  readonly state: ServerState;
  /** Whether it answered just now. */
  readonly reachable: boolean;
  /** `host:port`, or MongoDB's URI without the password. */
  readonly address?: string;
  readonly namespace?: string;
  readonly uiUrl?: string;
  readonly pid?: number;
  /** Of the server, as it says itself. */
  readonly version?: string;
  readonly dataDir?: string;
}

const TIMEOUT_MS = 3_000;

/** How the two servers are, those in the background and those named in the environment. Throws `ServerError`. */
export async function serverStatus(options: BackgroundOptions = {}): Promise<ServerStatus[]> {
  const { env = process.env } = options;
  const folder = resolve(options.dataDir ?? dataFolder(env));
  const plan = resolveServers(env);
  const state = await runningState(folder);
  const temporal = plan.temporal ?? (state.temporal && localTemporal(state.temporal));
  const mongodb = plan.mongodb ?? (state.mongodb && localMongodb(state.mongodb));
  const [temporalVersion, mongodbVersion] = await Promise.all([
    temporal && askTemporal(temporal.address),
    mongodb && askMongodb(mongodb.uri),
  ]);
  return [
    {
      server: 'temporal',
      ...temporal,
      ...standing(plan.temporal !== undefined, state.temporal, temporalVersion, join(folder, 'temporal')),
    },
    {
      server: 'mongodb',
      address: mongodb && withoutPassword(mongodb.uri),
      ...standing(plan.mongodb !== undefined, state.mongodb, mongodbVersion, join(folder, 'mongodb')),
    },
  ];
}

/** `mongodb://ampel:secret@host/` as `mongodb://ampel@host/`: status lines end up in tickets and logs. */
export function withoutPassword(uri: string): string {
  return uri.replace(/^(mongodb(?:\+srv)?:\/\/[^:/@]*):[^@]*@/, '$1@');
}

function standing(
  external: boolean,
  background: { identity: { pid: number } } | undefined,
  version: string | undefined,
  dataDir: string,
): Pick<ServerStatus, 'state' | 'reachable' | 'pid' | 'version' | 'dataDir'> {
  const reachable = version !== undefined;
  if (external) return { state: 'external', reachable, version };
  if (background === undefined) return { state: 'stopped', reachable, dataDir };
  return { state: 'running', reachable, pid: background.identity.pid, version, dataDir };
}

async function askTemporal(address: string): Promise<string | undefined> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: TIMEOUT_MS });
    try {
      return (await connection.workflowService.getSystemInfo({})).serverVersion;
    } finally {
      await connection.close();
    }
  } catch {
    return undefined;
  }
}

async function askMongodb(uri: string): Promise<string | undefined> {
  try {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: TIMEOUT_MS });
    try {
      const build = await client.db('admin').command({ buildInfo: 1 });
      return String(build['version']);
    } finally {
      await client.close();
    }
  } catch {
    return undefined;
  }
}
