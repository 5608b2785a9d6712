import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Installation } from './installation.js';

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Starts a worker process with these roles and returns its pid when it is ready. */
export async function startWorker(
  { services }: Installation,
  workers: ChildProcess[],
  roles: readonly string[],
): Promise<number> {
  const worker = spawn(process.execPath, [MAIN, 'worker', ...roles.flatMap((role) => ['--role', role])], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      AMPEL_TEMPORAL_ADDRESS: services.temporal.address,
      AMPEL_MONGODB_URI: services.mongodb.uri,
      AMPEL_DATABASE: services.mongodb.database,
    },
  });
  workers.push(worker);
  for await (const line of createInterface({ input: worker.stderr })) {
    if (line.includes('ready')) break;
  }
  worker.stderr.resume();
  if (worker.pid === undefined || worker.exitCode !== null)
    throw new Error(`the worker for ${roles.join(', ')} did not start`);
  return worker.pid;
}

/** Ends it as a person would. */
export async function stopWorker(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  worker.kill('SIGTERM');
  await once(worker, 'exit');
}

/** Largest resident memory so far. */
export async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}
