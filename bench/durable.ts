import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { pack } from 'tar-stream';
import { containerItems } from '../streams/archive/container-packets.js';
import { SchemaCache } from '../streams/avro/schema-cache.js';
import { simulateSurvey } from '../streams/simulation/survey.js';
import { ztf } from '../streams/ztf/survey.js';
import { outsideClients } from '../worker/clients.js';
import { quietRuntime, ROLES, runWorkers } from '../worker/run-workers.js';
import { fillStore } from './fill-store.js';
import { benchChannel, install, OPEN_CUTS, runStream, startChannel, type Installation } from './installation.js';
import { CpuMeter, serversIn } from './process-cpu.js';

const OBJECTS = 400;
const WARM_ROUNDS = 5;
const BARE_QUEUE = 'bench-bare';

export interface DurableResult {
  readonly detections: number;
  readonly bare: Rates;
  readonly ours: Rates;
  /** Ours over bare. */
  readonly share: { readonly cold: number; readonly warm: number };
}

interface Rates {
  /** Detections/s: first of each object, and further ones. */
  readonly cold: number;
  readonly warm: number;
  /** CPU of each process for a detection (ms). */
  readonly coldCpuMs: Readonly<Record<string, number>>;
  readonly warmCpuMs: Readonly<Record<string, number>>;
}

/**
 * Accepted detections a second through the whole chain, cold and warm, with 100,000 datapoints in the store, beside the
 * bare engine: the same server, the same number of objects and signals, and a workflow that only runs one local activity.
 */
export async function durable(report: (line: string) => void): Promise<DurableResult> {
  quietRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'ampel-bench-'));
  const installation = await install();
  try {
    const rounds = await makeRounds(folder, report);
    await fillStore(installation.store);
    report('100,000 datapoints in the store');
    const bare = await bareRates(installation, report);
    const ours = await ourRates(installation, rounds, report);
    const share = { cold: ours.cold / bare.cold, warm: ours.warm / bare.warm };
    return { detections: OBJECTS * (1 + WARM_ROUNDS), bare, ours, share };
  } finally {
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Nightly tars with one alert of each object that the channel accepts: AGN, seen every third night, brighter than in the
 * reference image, with some twenty points of history.
 */
async function makeRounds(folder: string, report: (line: string) => void): Promise<string[]> {
  const none = { 'SN Ia': 0, 'SN II': 0, 'SN Ibc': 0, TDE: 0, 'variable star': 0, asteroid: 0, bogus: 0 };
  const survey = simulateSurvey({
    seed: 7,
    nights: 90,
    weather: false,
    cadenceDays: 3,
    fields: 12,
    objects: { ...none, AGN: OBJECTS * 25 },
  });
  const rounds: string[] = [];
  let objects: Set<string> | undefined;
  for (const night of survey) {
    const brighter = Array.from(night.alerts).filter(({ packet, fileName }) => isPositive(packet, fileName));
    const first = new Map(brighter.reverse().map((alert) => [alert.objectId, alert]));
    objects ??= new Set([...first.keys()].slice(0, OBJECTS));
    const chosen = [...first.values()].filter(({ objectId }) => objects?.has(objectId)).reverse();
    if (chosen.length < OBJECTS * 0.8) continue;
    const path = join(folder, `round-${rounds.length}.tar`);
    const tar = pack();
    const written = pipeline(tar, createWriteStream(path));
    for (const { fileName, packet } of chosen) tar.entry({ name: fileName }, packet);
    tar.finalize();
    await written;
    rounds.push(path);
    report(`round ${rounds.length}: ${chosen.length} detections`);
    if (rounds.length === 1 + WARM_ROUNDS) return rounds;
  }
  throw new Error(`only ${rounds.length} nights of the simulated survey saw enough of the objects`);
}

const schemas = new SchemaCache();

function isPositive(packet: Buffer, place: string): boolean {
  for (const item of containerItems(packet, schemas)) {
    if (!('problem' in item)) return ztf.readAlert({ ordinal: 0, place, ...item }).candidate['isdiffpos'] === 't';
  }
  return false;
}

async function bareRates({ client, services, servers }: Installation, report: (line: string) => void): Promise<Rates> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dirname(fileURLToPath(import.meta.url)), 'bare-workflow.js'),
    logger: SILENT,
  });
  const connection = await NativeConnection.connect({ address: services.temporal.address });
  let noted = 0;
  const worker = await Worker.create({
    ...{ connection, taskQueue: BARE_QUEUE, workflowBundle: { code }, maxCachedWorkflows: 500 },
    activities: { note: (id: string) => (noted++, id) },
  });
  const running = worker.run();
  const round = async (n: number): Promise<void> => {
    const ids = Array.from({ length: OBJECTS }, (_, i) => `bare-${i}`).values();
    const lane = async (): Promise<void> => {
      for (const workflowId of ids) {
        await client.workflow.signalWithStart('bare', {
          workflowId,
          taskQueue: BARE_QUEUE,
          args: [],
          signal: 'detection',
          signalArgs: [`${workflowId}-${n}`],
        });
      }
    };
    await Promise.all(Array.from({ length: 32 }, lane));
    while (noted < OBJECTS * (n + 1)) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const rates = await measure(await serversIn(servers.dataDir), 'bare', () => Promise.resolve(OBJECTS), round, report);
  worker.shutdown();
  await running;
  await connection.close();
  for await (const { workflowId } of client.workflow.list({ query: 'WorkflowType="bare"' }))
    await client.workflow.getHandle(workflowId).terminate();
  return rates;
}

async function ourRates(
  installation: Installation,
  rounds: readonly string[],
  report: (line: string) => void,
): Promise<Rates> {
  const { services, store, servers } = installation;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dirname(fileURLToPath(import.meta.url)), '../workflows/index.js'),
    logger: SILENT,
  });
  const workers = await runWorkers({ services, roles: ROLES, store, bundle: { code }, clients: outsideClients({}) });
  await startChannel(installation, await benchChannel('EVERYTHING', OPEN_CUTS));
  let seen = 0;
  const forwarded = async (): Promise<number> => {
    const all = await store.alerts.countDocuments();
    const fresh = all - seen;
    seen = all;
    return fresh;
  };
  const round = async (n: number): Promise<void> => {
    await runStream(installation, `round-${n}`, [rounds[n] ?? ''], 500);
  };
  const rates = await measure(await serversIn(servers.dataDir), 'ours', forwarded, round, report);
  await workers.stop();
  return rates;
}

async function measure(
  servers: Readonly<Record<string, number>>,
  name: string,
  countOf: () => Promise<number>,
  round: (n: number) => Promise<void>,
  report: (line: string) => void,
): Promise<Rates> {
  const timed = async (n: number): Promise<{ count: number; seconds: number }> => {
    const startMs = performance.now();
    await round(n);
    const seconds = (performance.now() - startMs) / 1000;
    const count = await countOf();
    report(`${name}, round ${n}: ${Math.round(count / seconds)} detections/s`);
    return { count, seconds };
  };
  const measured = async (rounds: readonly number[]): Promise<{ rate: number; cpuMs: Record<string, number> }> => {
    const meter = await CpuMeter.start({ program: process.pid, ...servers });
    let count = 0;
    let seconds = 0;
    for (const n of rounds) {
      const one = await timed(n);
      count += one.count;
      seconds += one.seconds;
    }
    const cpu = Object.entries(await meter.seconds());
    return {
      rate: count / seconds,
      cpuMs: Object.fromEntries(cpu.map(([name, used]) => [name, (used * 1000) / count])),
    };
  };
  const cold = await measured([0]);
  const warm = await measured(Array.from({ length: WARM_ROUNDS }, (_, i) => i + 1));
  return { cold: cold.rate, warm: warm.rate, coldCpuMs: cold.cpuMs, warmCpuMs: warm.cpuMs };
}

const quiet = (): void => undefined;
const SILENT = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
