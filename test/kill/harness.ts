import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openStore, type Store } from '../../store/store.js';
import type { ServiceAddresses } from '../../worker/services.js';
import { processesOf } from './processes.js';
import { copyProgram } from './program.js';
import { mongodbIn, temporalIn } from './server-children.js';
import { startWorker, type Killable } from './worker-child.js';

/** The processes of an installation, in the order in which they are started. */
export const VICTIMS = ['temporal', 'mongodb', 'ingest', 'workers'] as const;
export type Victim = (typeof VICTIMS)[number];

/** Servers and workers as processes of their own, each of which can be killed and started again on what it left. */
export interface Installation {
  readonly services: ServiceAddresses;
  readonly client: Client;
  readonly store: Store;
  /** SIGKILL: the process cannot finish anything. Returns when it is gone. */
  kill(victim: Victim): Promise<void>;
  /** Starts it again. A server serves on return; a worker may still be connecting. */
  start(victim: Victim): Promise<void>;
  /** Aborted with the reason where a worker ends by itself, which it never should, and where time is up. */
  readonly over: AbortSignal;
  /** Ends everything and removes its files. */
  close(): Promise<void>;
}

type Processes = Pick<Installation, 'services' | 'kill' | 'start' | 'over' | 'close'>;

/** Starts Temporal, MongoDB, an ingest process and one of all other workers, for `limitMs` at most. */
export async function install(limitMs: number): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-kill-'));
  const processes = await processesIn(folder, limitMs);
  try {
    for (const victim of VICTIMS) await processes.start(victim);
    const { services } = processes;
    const store = await openStore(services.mongodb);
    const client = new Client({ connection: await Connection.connect({ address: services.temporal.address }) });
    const close = async (): Promise<void> => {
      await client.connection.close();
      await store.close();
      await processes.close();
    };
    return { ...processes, client, store, close };
  } catch (error) {
    await processes.close();
    throw error;
  }
}

async function processesIn(folder: string, limitMs: number): Promise<Processes> {
  const over = new AbortController();
  const limit = setTimeout(() => {
    over.abort(new Error(`not finished after ${limitMs / 1000} s`));
  }, limitMs);
  const dist = await copyProgram(join(folder, 'program'));
  const servers = { temporal: await temporalIn(folder), mongodb: await mongodbIn(folder) };
  const services = { temporal: servers.temporal.address, mongodb: servers.mongodb.address };
  const worker = (name: Victim, roles: readonly string[]): Promise<Killable> => {
    const onEnd = over.abort.bind(over);
    return startWorker({ dist, roles, services, logFile: join(folder, `${name}.log`), onEnd });
  };
  const { kill, start, killAll } = processesOf<Victim>({
    temporal: () => servers.temporal.start(),
    mongodb: () => servers.mongodb.start(),
    ingest: () => worker('ingest', ['ingest']),
    workers: () => worker('workers', ['workflows', 't2', 't3']),
  });
  return {
    ...{ services, kill, start, over: over.signal },
    async close() {
      clearTimeout(limit);
      await killAll();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
