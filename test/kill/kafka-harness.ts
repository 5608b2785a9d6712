import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { openStore } from '../../store/store.js';
import type { Installation } from './harness.js';
import { processesOf, type Processes } from './processes.js';
import { copyProgram } from './program.js';
import { mongodbIn, temporalIn, type Restartable } from './server-children.js';
import { startWorker, type Killable } from './worker-child.js';

/** The processes of an installation that reads Kafka with two readers, in the order in which they are started. */
export const MEMBERS = ['kafka', 'temporal', 'mongodb', 'ingest A', 'ingest B', 'workers'] as const;
export type Member = (typeof MEMBERS)[number];

/** Servers and workers as processes of their own; the broker outlives the installation. */
export type KafkaInstallation = Omit<Installation, 'kill' | 'start'> & Processes<Member>;

/** Starts them all, for `limitMs` at most. */
export async function installOn(broker: Restartable<string>, limitMs: number): Promise<KafkaInstallation> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-kill-'));
  const over = new AbortController();
  const limit = setTimeout(() => {
    over.abort(new Error(`not finished after ${limitMs / 1000} s`));
  }, limitMs);
  const dist = await copyProgram(join(folder, 'program'));
  const servers = { temporal: await temporalIn(folder), mongodb: await mongodbIn(folder) };
  const services = { temporal: servers.temporal.address, mongodb: servers.mongodb.address };
  const worker = (name: Member, roles: readonly string[]): Promise<Killable> => {
    const logFile = join(folder, `${name.replace(' ', '-')}.log`);
    return startWorker({ dist, roles, services, logFile, onEnd: over.abort.bind(over) });
  };
  const processes = processesOf<Member>({
    kafka: () => broker.start(),
    temporal: () => servers.temporal.start(),
    mongodb: () => servers.mongodb.start(),
    'ingest A': () => worker('ingest A', ['ingest']),
    'ingest B': () => worker('ingest B', ['ingest']),
    workers: () => worker('workers', ['workflows', 't2', 't3']),
  });
  const end = async (): Promise<void> => {
    clearTimeout(limit);
    await processes.killAll();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const member of MEMBERS) await processes.start(member);
    const store = await openStore(services.mongodb);
    const client = new Client({ connection: await Connection.connect({ address: services.temporal.address }) });
    const close = async (): Promise<void> => {
      await client.connection.close();
      await store.close();
      await end();
    };
    return { ...processes, services, client, store, over: over.signal, close };
  } catch (error) {
    await end();
    throw error;
  }
}
