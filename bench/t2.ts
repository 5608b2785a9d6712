import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Channel } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { outsideClients } from '../worker/clients.js';
import { quietRuntime, ROLES, runWorkers } from '../worker/run-workers.js';
import { makeRounds, SILENT } from './durable.js';
import { benchChannel, install, OPEN_CUTS, runStream, startChannel } from './installation.js';
import { CpuMeter, serversIn } from './process-cpu.js';

/** Of each state, so that the share of everything else is small. */
const UNITS = 5;
const WARM_ROUNDS = 3;
const BATCH_SIZE = 100;
const NAME = 'T2Nothing';

/** A heavy unit whose own computation is nothing: what is left is the bookkeeping. */
const UNIT = `import { defineT2, z } from 'ampel-temporal/units';
export const t2Nothing = defineT2({
  name: '${NAME}', version: '1.0.0', summary: 'Gives a number.', input: 'lightCurve', cost: 'heavy',
  config: z.strictObject({ n: z.int() }), result: z.int(),
  run: ({ datapoints }) => datapoints.length,
});
`;

export interface T2Result {
  readonly results: number;
  /** CPU of all processes for each result of a heavy unit, that of a detection without such units taken off (ms). */
  readonly heavyCpuMs: number;
  /** The same by process. */
  readonly byProcess: Readonly<Record<string, number>>;
}

interface Side {
  readonly detections: number;
  readonly cpuSeconds: Readonly<Record<string, number>>;
}

/** CPU for everything about a T2 result but the unit's own computation, over worker, Temporal and MongoDB. */
export async function t2(report: (line: string) => void): Promise<T2Result> {
  quietRuntime();
  const folder = await mkdtemp(join(tmpdir(), 'ampel-bench-'));
  try {
    await writeUnit(folder);
    await makeRounds(folder, report);
    const without = await measure(folder, 0, report);
    const withUnits = await measure(folder, UNITS, report);
    const results = withUnits.detections * UNITS;
    const byProcess = Object.fromEntries(
      Object.entries(withUnits.cpuSeconds).map(([name, seconds]) => {
        const rest = ((without.cpuSeconds[name] ?? 0) * withUnits.detections) / without.detections;
        return [name, ((seconds - rest) * 1000) / results];
      }),
    );
    return { results, heavyCpuMs: Object.values(byProcess).reduce((sum, ms) => sum + ms, 0), byProcess };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeUnit(folder: string): Promise<void> {
  await mkdir(join(folder, 'units'));
  await mkdir(join(folder, 'node_modules'));
  await symlink(join(dirname(fileURLToPath(import.meta.url)), '../..'), join(folder, 'node_modules/ampel-temporal'));
  await writeFile(join(folder, 'units/t2-nothing.mjs'), UNIT);
  await writeFile(join(folder, 'ampel.config.yaml'), 'units: [./units]\n');
  // The registry is read after this, once, here and in the threads.
  process.env['AMPEL_CONFIG'] = join(folder, 'ampel.config.yaml');
}

/** Rounds of detections of objects that are known already, through a channel with so many heavy units. */
async function measure(folder: string, units: number, report: (line: string) => void): Promise<Side> {
  const installation = await install();
  const { services, store, servers } = installation;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dirname(fileURLToPath(import.meta.url)), '../workflows/index.js'),
    logger: SILENT,
  });
  const workers = await runWorkers({ services, roles: ROLES, store, bundle: { code }, clients: outsideClients({}) });
  try {
    await startChannel(installation, await channelWith(units));
    let detections = 0;
    const round = async (n: number): Promise<void> => {
      await runStream(installation, `round-${n}`, [join(folder, `round-${n}.tar`)], BATCH_SIZE);
      detections = await store.alerts.countDocuments();
      while ((await store.results.countDocuments({ unit: NAME })) < detections * units) await sleep(200);
    };
    await round(0);
    const known = detections;
    const meter = await CpuMeter.start({ program: process.pid, ...(await serversIn(servers.dataDir)) });
    for (let n = 1; n <= WARM_ROUNDS; n++) await round(n);
    const cpuSeconds = await meter.seconds();
    report(`${units} units: ${detections - known} detections, ${JSON.stringify(cpuSeconds)}`);
    return { detections: detections - known, cpuSeconds };
  } finally {
    await workers.stop();
    await installation.close();
  }
}

async function channelWith(units: number): Promise<Channel> {
  const channel = await benchChannel('EVERYTHING', OPEN_CUTS);
  const uses = Array.from({ length: units }, (_, n) => ({
    ...{ unit: NAME, version: '1.0.0', config: { n }, configHash: contentHash({ n }) },
  }));
  return { ...channel, t2: [...channel.t2, ...uses] };
}
