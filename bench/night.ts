import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { writeNightTar } from '../streams/simulation/night-tar.js';
import { simulateNight } from '../streams/simulation/simulate-night.js';
import { fillStore } from './fill-store.js';
import { benchChannel, HU_RAPID_CUTS, install, runStream, startChannel, type Installation } from './installation.js';
import { CpuMeter, serversIn } from './process-cpu.js';

const ALERTS = 100_000;
const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));

export interface NightResult {
  readonly alerts: number;
  readonly forwarded: number;
  readonly states: number;
  readonly results: number;
  readonly seconds: number;
  readonly alertsPerSecond: number;
  /** CPU seconds of each process. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** Largest resident memory of each worker process (MB). */
  readonly peakMemoryMb: Readonly<Record<string, number>>;
}

/**
 * A whole simulated night from the archive to the last result: 100,000 alerts of which about 1 % are accepted, 100,000
 * datapoints of earlier nights in the store, ingest and workflows in processes of their own, all servers on this machine.
 */
export async function night(report: (line: string) => void): Promise<NightResult> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-night-'));
  const installation = await install();
  const workers: ChildProcess[] = [];
  try {
    const tar = await writeNightTar(folder, simulateNight({ seed: 11, alerts: ALERTS, acceptedFraction: 0.01 }));
    report(`${ALERTS} alerts are in the archive`);
    await fillStore(installation.store);
    report('100,000 datapoints of earlier nights are in the store');
    const ingest = await startWorker(installation, workers, ['ingest']);
    const decide = await startWorker(installation, workers, ['workflows', 't2', 't3']);
    await startChannel(installation, await benchChannel('NIGHT', HU_RAPID_CUTS));
    const servers = await serversIn(installation.servers.dataDir);
    const meter = await CpuMeter.start({ ingest, decide, ...servers });
    const startMs = performance.now();
    const { position, forwarded } = await runStream(installation, 'night', [tar], 500);
    const seconds = (performance.now() - startMs) / 1000;
    const { store } = installation;
    return {
      alerts: position,
      forwarded,
      states: await store.states.countDocuments(),
      results: await store.results.countDocuments({ code: 0 }),
      seconds,
      alertsPerSecond: position / seconds,
      cpuSeconds: await meter.seconds(),
      peakMemoryMb: { ingest: await peakMemoryMb(ingest), decide: await peakMemoryMb(decide) },
    };
  } finally {
    for (const worker of workers) await stop(worker);
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts a worker process with these roles and returns its pid when it is ready. */
async function startWorker(
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

async function stop(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null) return;
  worker.kill('SIGTERM');
  await once(worker, 'exit');
}

async function peakMemoryMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}
