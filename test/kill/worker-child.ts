import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ServiceAddresses } from '../../worker/services.js';

/** A process that can be killed. Returns when it is gone. */
export interface Killable {
  readonly pid: number;
  kill(): Promise<void>;
}

/** Kills with SIGKILL: the process cannot finish anything. Returns when `ended` is settled. */
export async function gone(pid: number, ended: Promise<unknown>): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await ended;
}

export interface WorkerStart {
  /** The program's modules. */
  readonly dist: string;
  readonly roles: readonly string[];
  readonly services: ServiceAddresses;
  readonly logFile: string;
  /** Told the reason where the worker ends by itself. */
  readonly onEnd: (reason: Error) => void;
}

const LOG_LETTERS = 2_000;
const script = fileURLToPath(new URL('worker-process.mjs', import.meta.url));

/** Starts `ampel worker` with these roles as a process of its own. */
export async function startWorker({ dist, roles, services, logFile, onEnd }: WorkerStart): Promise<Killable> {
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
  const ended = once(child, 'exit');
  await once(child, 'spawn');
  let isKilled = false;
  child.once('exit', (code) => {
    if (isKilled) return;
    const end = readFileSync(logFile, 'utf8').slice(-LOG_LETTERS);
    onEnd(new Error(`the worker of ${roles.join(', ')} ended with status ${code ?? 'unknown'}:\n${end}`));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the worker has no process id');
  return {
    pid,
    kill() {
      isKilled = true;
      return gone(pid, ended);
    },
  };
}
