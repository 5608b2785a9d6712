import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { jsonLines, runAmpel } from '../run-ampel.js';
import { containerOf } from '../avro-container.js';
import { LSST_SCHEMA, lsstRecord, OBJECT_ID } from '../lsst-packet.js';
import { eventually } from '../kafka/eventually.js';
import { startBroker, type RunningBroker } from './running-broker.js';

const root = resolve(import.meta.dirname, '../..');
const MJD = 2_400_000.5;
/** How far the object of LSST is from that of ZTF. */
const APART_ARCSEC = 0.4;

/** Two units of a group's own: one that fails, and one that takes its time, on a queue of its own. */
const UNITS = {
  't2-broken.mjs': `import { defineT2, z } from 'ampel-temporal/units';
export const t2Broken = defineT2({
  name: 'T2Broken', version: '1.0.0', summary: 'Fails.', input: 'lightCurve', cost: 'light',
  config: z.strictObject({}), result: z.number(),
  run() { throw new RangeError('no root in the interval'); },
});
`,
  't2-patient.mjs': `import { defineT2, z } from 'ampel-temporal/units';
export const t2Patient = defineT2({
  name: 'T2Patient', version: '2.1.0', summary: 'Takes half a second of a CPU.', input: 'state', cost: 'heavy',
  execution: { group: 'patient' }, config: z.strictObject({}), result: z.strictObject({ points: z.int() }),
  run({ datapoints }) {
    const end = performance.now() + 500;
    while (performance.now() < end);
    return { points: datapoints.length };
  },
});
`,
};

interface Accepted {
  readonly objectId: string;
  readonly ra: number;
  readonly dec: number;
  readonly firstJd: number;
}

let home: string;
let broker: RunningBroker;
let nights: string;
let workers: ChildProcess[];
let object: Accepted;
let text: string;
let story: Record<string, unknown>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ampel-story-'));
  await mkdir(join(home, 'units'));
  await mkdir(join(home, 'node_modules'));
  await symlink(root, join(home, 'node_modules/ampel-temporal'));
  for (const [name, code] of Object.entries(UNITS)) await writeFile(join(home, 'units', name), code);
  const config = join(home, 'ampel.config.yaml');
  await writeFile(config, 'units: [./units]\n');
  broker = await startBroker('story', { AMPEL_CONFIG: config });
  nights = join(home, 'nights');
  // The demonstration's sky, a little smaller.
  await broker.ampel('simulate', '--nights', '8', '--seed', '1', '--alerts-per-night', '300', '--out', nights);
  object = await aSupernova(config);
  const channel = await writeChannel();
  await writeLsst();
  await startWorkers();
  const { status, stderr } = await broker.ampel('channel', 'start', channel);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  await broker.ampelJson('stream', 'start', 'rubin', '--survey', 'lsst', '--from', join(home, 'lsst'), '--wait');
  await broker.ampelJson('stream', 'start', 'palomar', '--from', nights, '--wait');
  await eventually('all units have run', async () => {
    const [shown = {}] = await broker.ampelJson('transient', 'show', object.objectId);
    return resultsOf(shown, 'T2Patient').length === (shown['states'] as unknown[]).length;
  });
  text = (await broker.ampel('transient', 'show', object.objectId)).stdout;
  [story = {}] = await broker.ampelJson('transient', 'show', object.objectId);
});

afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true, force: true });
});

/** One for each queue of T2, as on machines of their own. */
async function startWorkers(): Promise<void> {
  workers = [
    await broker.startWorker('--role', 'workflows', 'ingest', 't3'),
    await broker.startWorker('--queue', 't2', 't2-fits'),
    await broker.startWorker('--queue', 't2-patient'),
  ];
}

/** The example's filter. */
async function decentFilter(): Promise<object> {
  const example = parse(await readFile(join(root, 'channels/HU_RAPID.yaml'), 'utf8')) as { readonly t0: object };
  return example.t0;
}

/** An object of the nights that the example's filter accepts most often. */
async function aSupernova(config: string): Promise<Accepted> {
  const file = join(home, 'TRIAL.yaml');
  await writeFile(file, stringify({ name: 'TRIAL', version: '1.0.0', stream: 'ztf', t0: await decentFilter() }));
  const env = { AMPEL_CONFIG: config };
  const tried = jsonLines(await runAmpel(['channel', 'try', file, '--from', nights, '--json'], { env }));
  const accepted = tried.filter(({ accepted: is }) => is === true).map(({ objectId }) => String(objectId));
  const often = accepted.toSorted(
    (a, b) => accepted.filter((one) => one === b).length - accepted.filter((one) => one === a).length,
  );
  const alerts = jsonLines(await runAmpel(['inspect', nights, '--json'], { env }));
  const first = alerts.find(({ objectId }) => objectId === often[0]);
  if (first === undefined) throw new Error('the nights have no young supernova');
  return {
    objectId: String(first['objectId']),
    ...(first['position'] as { readonly ra: number; readonly dec: number }),
    firstJd: Number(first['jd']),
  };
}

/** Three filters, two surveys, five T2 units: one tied, one failing, one slow. */
async function writeChannel(): Promise<string> {
  const file = join(home, 'STORY.yaml');
  const list = `name,ra,dec\nhost of the story,${object.ra},${object.dec}\n`;
  await writeFile(join(home, 'hosts.csv'), list);
  const channel = {
    ...{ name: 'STORY', version: '1.0.0', stream: ['ztf', 'lsst'], access: ['ZTF_PUB', 'LSST'] },
    t0: {
      ztf: {
        any: [
          { unit: 'WatchlistFilter', config: { file: 'hosts.csv', radius: 2 }, group: 2 },
          { all: [await decentFilter(), { expression: 'candidate.magpsf < 25', reason: 'faint' }], group: 1 },
        ],
      },
      lsst: { expression: 'candidate.psfFlux > 100' },
    },
    t1: { match: '1 arcsec' },
    t2: [
      { unit: 'T2LightCurveSummary' },
      { unit: 'T2AbsoluteMagnitude', config: { redshift: 0.05 } },
      { unit: 'T2RiseDeclineStat' },
      { unit: 'T2Broken', group: 2 },
      { unit: 'T2Patient', group: 2 },
    ],
    reactions: { mode: 'live' },
    t3: [{ name: 'patient', unit: 'WebhookReaction', when: { result: 'T2Patient' }, config: { url: broker.receiver } }],
  };
  await writeFile(file, stringify(channel));
  return file;
}

/** Two sources of LSST at the place of the object, two days before ZTF saw it. */
async function writeLsst(): Promise<void> {
  await mkdir(join(home, 'lsst'));
  const place = { ra: object.ra, dec: object.dec + APART_ARCSEC / 3600 };
  const earlier = {
    ...place,
    midpointMjdTai: object.firstJd - MJD - 3,
    diaSourceId: '25409136044802001',
    visit: '6570001',
  };
  const packet = lsstRecord({
    source: { ...place, midpointMjdTai: object.firstJd - MJD - 2, psfFlux: 2000, diaObjectId: OBJECT_ID },
    sources: [{ ...SOURCE_OF_LSST, ...earlier, psfFlux: 900 }],
    object: { ...place, radecMjdTai: object.firstJd - MJD - 2 },
  });
  await writeFile(join(home, 'lsst/alert.avro'), containerOf(LSST_SCHEMA, [packet]));
}

const SOURCE_OF_LSST = {
  diaObjectId: OBJECT_ID,
  ssObjectId: null,
  psfFluxErr: 100,
  snr: 9,
  band: 'r',
  isNegative: false,
  reliability: 0.9,
};

interface Result {
  readonly unit: string;
  readonly version: string;
  readonly link: string;
  readonly code: number;
  readonly body: unknown;
  readonly error?: string;
  readonly needed?: readonly string[];
}

function resultsOf(shown: Record<string, unknown>, unit: string): Result[] {
  return (shown['results'] as Result[]).filter((one) => one.unit === unit);
}

describe('the page of an object that two surveys saw', () => {
  it('has the points of both, and says which object was taken for the same', () => {
    expect(text).toContain(`taken for the same object: ${OBJECT_ID} of lsst, 0.40 arcsec away`);
    expect(text).toMatch(/ lsst +detection +[gr] +23\.15 ± 0\.05/);
    expect(text).toMatch(/ ztf 1 +detection +[gr] /);
    expect(text).toContain(`, 3 of them of lsst ${OBJECT_ID}`);
    const states = story['states'] as { readonly matched: unknown }[];
    for (const { matched } of states) {
      expect(matched).toMatchObject([{ survey: 'lsst', objectId: OBJECT_ID }]);
    }
  });

  it('says which of the three filters accepted it, for what, and into which group', () => {
    const accepted = (story['decisions'] as Record<string, unknown>[]).filter(({ tier }) => tier === 't0');
    expect(accepted.length).toBeGreaterThan(1);
    for (const decision of accepted) {
      expect(decision).toMatchObject({ outcome: 'accepted', group: 2 });
      expect(decision['match']).toMatch(/^host of the story, \d\.\d arcsec$/);
      expect(decision['unit']).toBe('any(WatchlistFilter, all(DecentFilter, ExpressionFilter))');
    }
    expect(text).toMatch(/STORY accepted it into group 2 for host of the story, \d\.\d arcsec, which made state /);
  });

  it('has a result of each of the five units for each state', () => {
    const states = (story['states'] as { readonly link: string }[]).map(({ link }) => link).sort();
    for (const unit of ['T2LightCurveSummary', 'T2RiseDeclineStat', 'T2AbsoluteMagnitude', 'T2Broken', 'T2Patient']) {
      expect(
        resultsOf(story, unit)
          .map(({ link }) => link)
          .sort(),
      ).toEqual(states);
    }
  });

  it('shows that the tied unit was made from the one that it needs', () => {
    const magnitudes = resultsOf(story, 'T2AbsoluteMagnitude');
    expect(magnitudes.map(({ code }) => code)).not.toContain(-2010);
    for (const { needed, body } of magnitudes) {
      expect(needed).toHaveLength(1);
      expect(body).toMatchObject({ z: 0.05 });
    }
  });

  it('shows the failing unit as it failed, with its code, on each state, and that it held up nothing', () => {
    expect(resultsOf(story, 'T2Broken')).toMatchObject(
      (story['states'] as unknown[]).map(() => ({ code: -4, body: null, error: 'no root in the interval' })),
    );
    expect(text).toContain('failed (-4): no root in the interval');
    expect(text).toMatch(/T2Broken failed \d+ times, last on state -?\d+: no root in the interval/);
  });

  it('has the results of the slow unit, from a worker of its own queue, and the reaction that waited for it', () => {
    for (const { body } of resultsOf(story, 'T2Patient'))
      expect(body).toMatchObject({ points: expect.any(Number) as unknown });
    expect(text).toMatch(/STORY +patient +WebhookReaction +confirmed: 200/);
    expect(broker.received.filter((body) => body.includes(object.objectId))).toHaveLength(1);
  });

  it('of the other survey has no units of the first one’s group', async () => {
    const [other = {}] = await broker.ampelJson('transient', 'show', OBJECT_ID);
    expect(resultsOf(other, 'T2LightCurveSummary')).toHaveLength(1);
    expect(other).toMatchObject({ survey: 'lsst', channels: ['STORY'] });
  });
});

describe('a new version of a unit', () => {
  it('is computed for the states of before on request, beside the results of then, and nobody is told', async () => {
    for (const worker of workers) {
      const end = once(worker, 'exit');
      worker.kill('SIGTERM');
      await end;
    }
    const file = join(home, 'units/t2-patient.mjs');
    await writeFile(file, (await readFile(file, 'utf8')).replace("version: '2.1.0'", "version: '2.2.0'"));
    await startWorkers();
    const told = broker.received.length;
    const states = resultsOf(story, 'T2Patient').length;
    const counted = await broker.ampelJson('unit', 'recompute', '--dry');
    expect(counted).toMatchObject([{ unit: 'T2Patient', version: '2.2.0' }]);
    expect(Number(counted[0]?.['results'])).toBeGreaterThanOrEqual(states);

    const missing = await broker.ampel('unit', 'recompute', 'T2Patient');
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('error: --why is missing') as unknown });
    const why = ['--rate', '20/s', '--why', 'another root', '--wait'];
    const done = await broker.ampelJson('unit', 'recompute', 'T2Patient', ...why);
    expect(done).toEqual([expect.objectContaining({ computed: counted[0]?.['results'], failed: 0 })]);
    const [now = {}] = await broker.ampelJson('transient', 'show', object.objectId);
    const versions = resultsOf(now, 'T2Patient').map(({ version }) => version);
    expect(versions.filter((version) => version === '2.1.0')).toHaveLength(states);
    expect(versions.filter((version) => version === '2.2.0')).toHaveLength(states);
    expect(await broker.ampelJson('unit', 'recompute', '--dry')).toEqual([]);
    expect(broker.received).toHaveLength(told);
  });
});
