import { Client, Connection } from '@temporalio/client';
import {
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type LogLevel,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createActivities } from '../activities/activities.js';
import { TASK_QUEUE } from '../model/workflow-names.js';
import type { Store } from '../store/store.js';
import type { Clients } from '../units/define.js';
import { loadRegistry } from '../units/registry.js';
import type { ServiceAddresses } from './services.js';

/** What a worker process does; each can run on machines of its own, as many as wanted. */
export const ROLES = ['workflows', 'ingest', 't2', 't3'] as const;
export type Role = (typeof ROLES)[number];

export interface WorkerOptions {
  readonly services: ServiceAddresses;
  readonly roles: readonly Role[];
  readonly store: Store;
  readonly bundle: WorkflowBundleOption;
  readonly clients: Clients;
}

export interface RunningWorkers {
  /** Finishes what is under way and ends. */
  stop(): Promise<void>;
  /** Settles when the workers have ended; rejects where one failed. */
  readonly ended: Promise<void>;
}

/** 1-2 MB each: 500 stay under 1 GB of memory. */
const MAX_CACHED_WORKFLOWS = 500;
/** A unit that is nearly done at shutdown is worth waiting for. */
const SHUTDOWN_GRACE = '10s';

let installed = false;

/** Temporal's runtime is one a process and has to be set up before anything else of it. */
export function quietRuntime(level: LogLevel = 'ERROR'): void {
  if (installed) return;
  installed = true;
  Runtime.install({ logger: new DefaultLogger(level), shutdownSignals: [] });
}

/** Starts the workers of the given roles in this process. */
export async function runWorkers(options: WorkerOptions): Promise<RunningWorkers> {
  const { services, roles, store, bundle, clients } = options;
  const { address, namespace } = services.temporal;
  const registry = await loadRegistry();
  await noteUnits(store, registry.all());
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection: await Connection.connect({ address }), namespace });
  const groups = createActivities({ store, client, registry, clients });
  const workers = await Promise.all(
    roles.map((role) =>
      Worker.create({
        connection: native,
        namespace,
        taskQueue: TASK_QUEUE[role],
        activities: { ...groups[role] },
        shutdownGraceTime: SHUTDOWN_GRACE,
        // Prompt enough for a person who pauses a stream.
        maxHeartbeatThrottleInterval: '2s',
        ...(role === 'workflows' && { workflowBundle: bundle, maxCachedWorkflows: MAX_CACHED_WORKFLOWS }),
      }),
    ),
  );
  const ended = Promise.all(workers.map((worker) => worker.run())).then(async () => {
    await client.connection.close();
    await native.close();
  });
  return {
    ended,
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    },
  };
}

async function noteUnits(
  store: Store,
  units: readonly { name: string; version: string; tier: string; summary: string }[],
): Promise<void> {
  const writes = units.map(({ name, version, tier, summary }) => ({
    updateOne: {
      filter: { _id: `${name}@${version}` },
      update: { $setOnInsert: { name, version, tier, summary } },
      upsert: true,
    },
  }));
  await store.units.bulkWrite(writes, { ordered: false });
}
