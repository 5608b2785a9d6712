import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { pack } from 'tar-stream';
import { containerItems } from '../streams/avro/container-records.js';
import { SchemaCache } from '../streams/avro/schema-cache.js';
import { simulateSurvey, type SimulatedAlert } from '../streams/simulation/survey.js';
import { ztf } from '../streams/ztf/survey.js';
import { outsideClients } from '../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, WORKFLOW_LIMITS } from '../worker/run-workers.js';
import { fillStore } from './fill-store.js';
import { benchChannel, install, OPEN_CUTS, runStream, startChannel } from './installation.js';
import { CpuMeter, serversIn } from './process-cpu.js';

const OBJECTS = 400;
/** With the objects fewer than the transients that a worker keeps. */
const WARM_UP_OBJECTS = 60;
const WARM_ROUNDS = 5;
/** So that the first are decided on while others are read. */
const BATCH_SIZE = 100;
const BARE_QUEUE = 'bench-bare';

export interface DurableResult {
  readonly objects: number;
  readonly warmRounds: number;
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

/** `warm-up` is of other objects: code is compiled, connections are open, all objects of round 0 are new. */
type Round = 'warm-up' | number;

/** What is measured: rounds of detections on servers of their own. */
interface Side {
  readonly name: string;
  /** Pids of its servers, by program. */
  readonly servers: Readonly<Record<string, number>>;
  /** Carries out a round to its end and answers how many detections it was. */
  round(n: Round): Promise<number>;
  close(): Promise<void>;
}

/**
 * Accepted detections a second through the whole chain, cold and warm, with 100,000 datapoints in the store, beside the
 * bare engine: such a server, the same number of objects and signals, and a workflow that only runs one local activity.
 * The rounds of both take turns, so that what else the machine does falls on both.
 */
export async function durable(report: (line: string) => void): Promise<DurableResult> {
  quietRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'ampel-bench-'));
  const sides: Side[] = [];
  try {
    await makeRounds(folder, report);
    const bare = await bareSide();
    sides.push(bare);
    const ours = await ourSide(folder);
    sides.push(ours);
    report('100,000 datapoints in the store');
    const meters = { bare: new Meter(bare), ours: new Meter(ours) };
    for (const side of sides) await side.round('warm-up');
    for (const n of Array.from({ length: 1 + WARM_ROUNDS }, (_, i) => i)) {
      await meters.bare.measure(n, report);
      await meters.ours.measure(n, report);
    }
    const rates = { bare: meters.bare.rates(), ours: meters.ours.rates() };
    const share = { cold: rates.ours.cold / rates.bare.cold, warm: rates.ours.warm / rates.bare.warm };
    return { objects: OBJECTS, warmRounds: WARM_ROUNDS, ...rates, share };
  } finally {
    for (const side of sides) await side.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Nightly tars with one alert of each object that the channel accepts: AGN, seen every third night, brighter than in the
 * reference image, with some twenty points of history.
 */
export async function makeRounds(folder: string, report: (line: string) => void): Promise<void> {
  const none = { 'SN Ia': 0, 'SN II': 0, 'SN Ibc': 0, TDE: 0, 'variable star': 0, asteroid: 0, bogus: 0 };
  const survey = simulateSurvey({
    seed: 7,
    nights: 90,
    weather: false,
    cadenceDays: 3,
    fields: 12,
    objects: { ...none, AGN: OBJECTS * 25 },
  });
  let rounds = 0;
  let objects: Set<string> | undefined;
  for (const night of survey) {
    const brighter = Array.from(night.alerts).filter(({ packet, fileName }) => isPositive(packet, fileName));
    const first = new Map(brighter.reverse().map((alert) => [alert.objectId, alert]));
    if (objects === undefined) {
      objects = new Set([...first.keys()].slice(0, OBJECTS));
      const others = [...first.values()].slice(OBJECTS, OBJECTS + WARM_UP_OBJECTS);
      await writeTar(join(folder, 'round-warm-up.tar'), others);
    }
    const chosen = [...first.values()].filter(({ objectId }) => objects?.has(objectId)).reverse();
    if (chosen.length < OBJECTS * 0.8) continue;
    await writeTar(join(folder, `round-${rounds}.tar`), chosen);
    report(`round ${rounds}: ${chosen.length} detections`);
    if (++rounds > WARM_ROUNDS) return;
  }
  throw new Error(`only ${rounds} nights of the simulated survey saw enough of the objects`);
}

async function writeTar(path: string, alerts: readonly SimulatedAlert[]): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  for (const { fileName, packet } of alerts) tar.entry({ name: fileName }, packet);
  tar.finalize();
  await written;
}

const schemas = new SchemaCache();

function isPositive(packet: Buffer, place: string): boolean {
  for (const item of containerItems(packet, schemas)) {
    if (!('problem' in item))
      return ztf.readAlert({ partition: 'archive', offset: 0, place, ...item }).candidate['isdiffpos'] === 't';
  }
  return false;
}

async function bareSide(): Promise<Side> {
  const installation = await install();
  const { client, services, servers } = installation;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dirname(fileURLToPath(import.meta.url)), 'bare-workflow.js'),
    logger: SILENT,
  });
  const connection = await NativeConnection.connect({ address: services.temporal.address });
  let noted = 0;
  const worker = await Worker.create({
    ...{ connection, taskQueue: BARE_QUEUE, workflowBundle: { code }, ...WORKFLOW_LIMITS },
    activities: { note: (id: string) => (noted++, id) },
  });
  const running = worker.run();
  return {
    name: 'bare',
    servers: await serversIn(servers.dataDir),
    async round(n) {
      const [name, objects] = n === 'warm-up' ? ['other', WARM_UP_OBJECTS] : ['bare', OBJECTS];
      const ids = Array.from({ length: objects }, (_, i) => `${name}-${i}`).values();
      const expected = noted + objects;
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
      while (noted < expected) await new Promise((resolve) => setTimeout(resolve, 5));
      return objects;
    },
    async close() {
      worker.shutdown();
      await running;
      await connection.close();
      await installation.close();
    },
  };
}

async function ourSide(folder: string): Promise<Side> {
  const installation = await install();
  const { services, store, servers } = installation;
  await fillStore(store);
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dirname(fileURLToPath(import.meta.url)), '../workflows/index.js'),
    logger: SILENT,
  });
  const workers = await runWorkers({ services, roles: ROLES, store, bundle: { code }, clients: outsideClients({}) });
  await startChannel(installation, await benchChannel('EVERYTHING', OPEN_CUTS));
  let seen = 0;
  return {
    name: 'ours',
    servers: await serversIn(servers.dataDir),
    async round(n) {
      await runStream(installation, `round-${n}`, [join(folder, `round-${n}.tar`)], BATCH_SIZE);
      const all = await store.alerts.countDocuments();
      const fresh = all - seen;
      seen = all;
      return fresh;
    },
    async close() {
      await workers.stop();
      await installation.close();
    },
  };
}

/** Time and CPU of the rounds of one side: the first is cold, the others are warm. */
class Meter {
  private readonly rounds: { count: number; seconds: number; cpu: Readonly<Record<string, number>> }[] = [];

  constructor(private readonly side: Side) {}

  async measure(n: number, report: (line: string) => void): Promise<void> {
    const cpu = await CpuMeter.start({ program: process.pid, ...this.side.servers });
    const startMs = performance.now();
    const count = await this.side.round(n);
    const seconds = (performance.now() - startMs) / 1000;
    this.rounds.push({ count, seconds, cpu: await cpu.seconds() });
    report(`${this.side.name}, round ${n}: ${Math.round(count / seconds)} detections/s`);
  }

  rates(): Rates {
    const rateOf = (rounds: Meter['rounds']): number => total(rounds, 'count') / total(rounds, 'seconds');
    const cpuOf = (rounds: Meter['rounds']): Record<string, number> => {
      const programs = Object.keys(rounds[0]?.cpu ?? {});
      const used = (program: string): number => rounds.reduce((sum, { cpu }) => sum + (cpu[program] ?? 0), 0);
      return Object.fromEntries(programs.map((name) => [name, (used(name) * 1000) / total(rounds, 'count')]));
    };
    const [cold, warm] = [this.rounds.slice(0, 1), this.rounds.slice(1)];
    return { cold: rateOf(cold), warm: rateOf(warm), coldCpuMs: cpuOf(cold), warmCpuMs: cpuOf(warm) };
  }
}

function total(
  rounds: readonly { readonly count: number; readonly seconds: number }[],
  of: 'count' | 'seconds',
): number {
  return rounds.reduce((sum, round) => sum + round[of], 0);
}

const quiet = (): void => undefined;
export const SILENT = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
