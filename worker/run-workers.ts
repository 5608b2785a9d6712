import { availableParallelism } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import {
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
  type LogLevel,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { createActivities, type ActivityGroups } from '../activities/activities.js';
import { unitPool } from '../activities/unit-runner.js';
import { PLACES_A_THREAD } from '../model/unit-limits.js';
import { TASK_QUEUE, t2Queue } from '../model/workflow-names.js';
import type { Store } from '../store/store.js';
import type { Clients } from '../units/define.js';
import { loadRegistry, type Registry } from '../units/registry.js';
import { unitGroups, type UnitGroup } from '../units/unit-groups.js';
import type { ServiceAddresses } from './services.js';

/** What a worker process does; each can run on machines of its own, as many as wanted. */
export const ROLES = ['workflows', 'ingest', 't2', 't3'] as const;
export type Role = (typeof ROLES)[number];

export interface WorkerOptions {
  readonly services: ServiceAddresses;
  readonly roles: readonly Role[];
  /** Of the role `t2`: only these task queues, such as `t2-fits`; default: those of all unit groups. */
  readonly queues?: readonly string[];
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

/** Of a process that runs workflows. */
export const WORKFLOW_LIMITS = {
  /** 1-2 MB each: 500 stay under 1 GB of memory. */
  maxCachedWorkflows: 500,
  /** Enough that decisions share their round trips to the store; the SDK's 40 would wait for each other. */
  maxConcurrentWorkflowTaskExecutions: 200,
  maxConcurrentLocalActivityExecutions: 200,
} as const;
/** A unit that is nearly done at shutdown is worth waiting for. */
const SHUTDOWN_GRACE = '10s';

let installed = false;

/**
 * Sets up Temporal's runtime: one a process, before anything else of it. Its messages go to stderr from `level` on, but
 * for the failed tries while a server is away, of which there are hundreds a minute.
 */
export function quietRuntime(level: LogLevel = 'ERROR'): void {
  if (installed) return;
  installed = true;
  const logger = new DefaultLogger(level, ({ level: severity, message }) => {
    if (!message.startsWith('gRPC call')) process.stderr.write(`${severity} ${message}\n`);
  });
  Runtime.install({
    logger,
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }), forward: {} } },
  });
}

/**
 * Starts the workers of the given roles in this process. They outlive outages of the servers; what ends one of them ends
 * all. Rejects where a server is away at the start; see `keepWorkers`.
 */
export async function runWorkers(options: WorkerOptions): Promise<RunningWorkers> {
  const { services, store, clients, roles } = options;
  const { address, namespace } = services.temporal;
  const registry = await loadRegistry();
  await noteUnits(store, registry.all());
  const native = await NativeConnection.connect({ address });
  const connection = Connection.lazy({ address });
  const close = async (): Promise<void> => {
    await connection.close();
    await native.close();
  };
  const runner = roles.includes('t2') ? unitPool(registry) : undefined;
  const groups = createActivities({
    ...{ store, client: new Client({ connection, namespace }), registry, clients, ...(runner && { runner }) },
  });
  let workers: Worker[];
  try {
    workers = await createWorkers(options, native, groups, registry);
  } catch (error) {
    await runner?.close();
    await close();
    throw error;
  }
  const shutDown = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ended = runAll(workers, shutDown)
    .finally(() => runner?.close())
    .finally(close);
  return {
    ended,
    async stop() {
      shutDown();
      await ended;
    },
  };
}

function createWorkers(
  options: WorkerOptions,
  connection: NativeConnection,
  groups: ActivityGroups,
  registry: Registry,
): Promise<Worker[]> {
  const { services, roles, bundle } = options;
  const queues = roles.flatMap((role): readonly RoleQueue[] => {
    return role === 't2' ? t2Queues(options, registry) : [{ role, queue: TASK_QUEUE[role] }];
  });
  return Promise.all(
    queues.map(({ role, queue, ...limits }) =>
      Worker.create({
        connection,
        namespace: services.temporal.namespace,
        taskQueue: queue,
        activities: { ...groups[role] },
        shutdownGraceTime: SHUTDOWN_GRACE,
        // Prompt enough for a person who pauses a stream.
        maxHeartbeatThrottleInterval: '2s',
        ...limits,
        ...(role === 'workflows' && { workflowBundle: bundle, ...WORKFLOW_LIMITS }),
      }),
    ),
  );
}

interface RoleQueue {
  readonly role: Role;
  readonly queue: string;
  readonly maxTaskQueueActivitiesPerSecond?: number;
  readonly maxConcurrentActivityTaskExecutions?: number;
}

/** A queue for each unit group, which the server holds to the group's rate over all workers. */
function t2Queues({ queues }: WorkerOptions, registry: Registry): RoleQueue[] {
  const all = unitGroups(registry).map(({ group, perSecond, needsThreads }: UnitGroup): RoleQueue => {
    const rate = perSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: perSecond };
    // What waits for a thread here could have one elsewhere; what waits for a service needs none.
    const places = needsThreads
      ? { maxConcurrentActivityTaskExecutions: PLACES_A_THREAD * availableParallelism() }
      : {};
    return { role: 't2', queue: t2Queue(group), ...rate, ...places };
  });
  return queues === undefined ? all : all.filter(({ queue }) => queues.some((name) => queue === `ampel-${name}`));
}

/** Settles when all have ended; rejects with the error of the first that failed. */
async function runAll(workers: readonly Worker[], shutDown: () => void): Promise<void> {
  const runs = workers.map(async (worker) => {
    try {
      await worker.run();
    } finally {
      // A process that has lost one of its roles must not look as if it were well.
      shutDown();
    }
  });
  for (const result of await Promise.allSettled(runs)) if (result.status === 'rejected') throw result.reason;
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
