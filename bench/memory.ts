import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Follows } from '../activities/follows.js';
import { persistReceipt } from '../activities/persist-receipt.js';
import { Screen } from '../activities/screen.js';
import { ARCHIVE_PARTITION } from '../model/stream.js';
import { readArchive } from '../streams/archive/archive.js';
import { ztf } from '../streams/ztf/survey.js';
import { loadRegistry } from '../units/registry.js';
import { install } from './installation.js';
import { realContainers, writeTar } from './real-packets.js';
import { readyRejecting } from './rejecting-channels.js';

const ALERTS = 1_000_000;
const BATCH = 1000;
const SAMPLE_EVERY = 100_000;

export interface MemoryResult {
  readonly alerts: number;
  /** Resident memory (MB) after each tenth. */
  readonly residentMb: readonly number[];
  /** Of the last half over the first: its largest over its largest. */
  readonly growth: number;
}

/** A million alerts from tars, screened for ten channels with their receipts, in one process: does its memory grow? */
export async function memory(report: (line: string) => void): Promise<MemoryResult> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-memory-'));
  const installation = await install();
  try {
    const containers = await realContainers();
    const tar = join(folder, 'night.tar');
    await writeTar(tar, containers, 10);
    const alertsInTar = containers.length * 10;
    const registry = await loadRegistry();
    const screen = new Screen(ztf, await readyRejecting(registry, 10), new Follows('memory'));
    const residentMb: number[] = [];
    let writing: Promise<void> = Promise.resolve();
    let batch = screen.begin(ARCHIVE_PARTITION, 0);
    for await (const packet of readArchive(Array<string>(Math.ceil(ALERTS / alertsInTar)).fill(tar))) {
      if (packet.offset >= ALERTS) break;
      screen.add(batch, packet);
      if (batch.size < BATCH) continue;
      await writing;
      writing = persistReceipt(installation.store, { stream: 'memory', reading: 0 }, batch);
      batch = screen.begin(ARCHIVE_PARTITION, packet.offset + 1);
      if (batch.from % SAMPLE_EVERY > 0) continue;
      residentMb.push(Math.round(process.memoryUsage.rss() / 1e6));
      report(`${batch.from} alerts: ${residentMb.at(-1) ?? 0} MB`);
    }
    await writing;
    const half = residentMb.length / 2;
    const growth = Math.max(...residentMb.slice(half)) / Math.max(...residentMb.slice(0, half));
    return { alerts: ALERTS, residentMb, growth };
  } finally {
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}
