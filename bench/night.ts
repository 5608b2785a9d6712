import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNightTar } from '../streams/simulation/night-tar.js';
import { simulateNight } from '../streams/simulation/simulate-night.js';
import { fillStore } from './fill-store.js';
import { benchChannel, HU_RAPID_CUTS, install, runStream, startChannel } from './installation.js';
import { CpuMeter, serversIn } from './process-cpu.js';
import { peakMemoryMb, startWorker, stopWorker } from './worker-process.js';

const ALERTS = 100_000;
const CHANNELS = 10;

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
 * A whole simulated night from the archive to the last result: 100,000 alerts of which about 1 % are accepted by ten
 * channels, 100,000 datapoints of earlier nights in the store, ingest and workflows in processes of their own, all servers on this machine.
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
    for (let i = 0; i < CHANNELS; i++) {
      // Other cuts, so that nothing is shared but the decode; about the same objects.
      const cuts = { ...HU_RAPID_CUTS, min_rb: 0.3 + i / 50 };
      await startChannel(installation, await benchChannel(`NIGHT${i}`, cuts));
    }
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
    for (const worker of workers) await stopWorker(worker);
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}
