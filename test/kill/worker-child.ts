import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServiceAddresses } from '../../worker/services.js';

/** A process that can be killed. Returns when it is gone. */
export interface Killable {
  readonly pid: number;
  kill(): Promise<void>;
}

/** Kills with SIGKILL: the process cannot finish anything. Returns when `ended` is settled. */
export async function gone(pid: number, ended: Promise<unknown>): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself, which has been told.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
  await ended;
}

export interface WorkerStart {
  /** The program's modules. */
  readonly dist: string;
  readonly roles: readonly string[];
  readonly services: ServiceAddresses;
  readonly logFile: string;
  /** Told the reason where the worker ends by itself and for good. */
  readonly onEnd: (reason: Error) => void;
}

const LOG_LETTERS = 2_000;
const script = fileURLToPath(new URL('worker-process.mjs', import.meta.url));

/** `ampel worker` found no server when it started. */
const SERVICE_AWAY = 4;
const START_AGAIN_MS = 500;

/**
 * Starts `ampel worker` with these roles as a process of its own. One that finds a server away ends, and is started again as
 * any supervisor would.
 */
export async function startWorker(start: WorkerStart): Promise<Killable> {
  let child = await spawned(start);
  let state: 'up' | 'killed' = 'up';
  const isUp = (): boolean => state === 'up';
  const supervise = async (): Promise<void> => {
    while (isUp()) {
      const [code] = (await once(child, 'exit')) as [number | null];
      if (!isUp()) return;
      if (code !== SERVICE_AWAY) {
        start.onEnd(new Error(`${nameOf(start)} ended with status ${code ?? 'unknown'}:\n${endOf(start.logFile)}`));
        return;
      }
      await sleep(START_AGAIN_MS);
      if (isUp()) child = await spawned(start);
    }
    child.kill('SIGKILL');
  };
  const ended = supervise();
  ended.catch(start.onEnd);
  return {
    get pid() {
      return pidOf(child);
    },
    kill() {
      state = 'killed';
      return gone(pidOf(child), ended);
    },
  };
}

async function spawned({ dist, roles, services, logFile }: WorkerStart): Promise<ChildProcess> {
  const { temporal, mongodb } = services;
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [script, dist, ...roles], {
    stdio: ['pipe', log, log],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      AMPEL_TEMPORAL_ADDRESS: temporal.address,
      AMPEL_TEMPORAL_NAMESPACE: temporal.namespace,
      AMPEL_MONGODB_URI: mongodb.uri,
      AMPEL_DATABASE: mongodb.database,
    },
  });
  closeSync(log);
  await once(child, 'spawn');
  return child;
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the worker has no process id');
  return pid;
}

function nameOf({ roles }: WorkerStart): string {
  return `the worker of ${roles.join(', ')}`;
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').slice(-LOG_LETTERS);
}
