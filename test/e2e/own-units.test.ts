import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { startServers, type RunningServers } from '../../servers/embedded.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { eventually } from '../kafka/eventually.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';

const root = resolve(import.meta.dirname, '../..');
const SUPERNOVA = 'ZTF21abiuvdk';
const SERIES = join(sharedData, 'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz');

/** The folder of a scientist who has this package installed, and nothing else. */
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ampel-own-'));
  await mkdir(join(home, 'node_modules'));
  await writeFile(join(home, 'package.json'), '{"private": true}');
  await symlink(root, join(home, 'node_modules/ampel-temporal'));
});

afterAll(() => rm(home, { recursive: true, force: true }));

async function configFile(text: string): Promise<NodeJS.ProcessEnv> {
  const file = join(await mkdtemp(join(home, 'config-')), 'ampel.config.yaml');
  await writeFile(file, text);
  return { AMPEL_CONFIG: file };
}

/** Writes a unit by the program, and changes its text. */
async function newUnit(
  tier: string,
  name: string,
  folder: string,
  ...edits: [from: string, to: string][]
): Promise<string> {
  const run = await runAmpel(['unit', 'new', tier, name, '--dir', join(home, folder), '--json']);
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  const [{ file, test } = {}] = jsonLines(run);
  let text = await readFile(String(file), 'utf8');
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  await writeFile(String(file), text);
  return String(test);
}

describe('a unit that ampel unit new has written', () => {
  it('has a test that passes with Node alone', async () => {
    const tests = await Promise.all([
      newUnit('t0', 'BegunFilter', 'begun'),
      newUnit('t2', 'T2Begun', 'begun'),
      newUnit('t3', 'BegunReaction', 'begun'),
    ]);
    const env = { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined };
    const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', ...tests], {
      env,
    });
    expect(stdout).toMatch(/^# pass 7$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
  });

  it('is left as it is by a second one of the name', async () => {
    await newUnit('t0', 'OnceFilter', 'once');
    const { status, stderr } = await runAmpel(['unit', 'new', 't0', 'OnceFilter', '--dir', join(home, 'once')]);
    expect(stderr).toMatch(/^error: .*once-filter\.mjs is there already, and is left as it is\n/);
    expect(status).toBe(2);
  });

  it('is listed with where it comes from, a folder or a package, and editors know it', async () => {
    const package_ = join(home, 'node_modules/novae');
    await newUnit('t0', 'FolderFilter', 'folder');
    await newUnit('t2', 'T2Package', 'node_modules/novae/t2');
    await writeFile(join(package_, 'package.json'), '{"name": "novae", "version": "1.4.0"}');
    const env = await configFile('units:\n  - ../folder\n  - novae\n');
    const listed = jsonLines(await runAmpel(['unit', 'list', '--json'], { env }));
    expect(listed).toContainEqual(expect.objectContaining({ name: 'DecentFilter', from: 'ampel-temporal' }));
    expect(listed).toContainEqual(expect.objectContaining({ name: 'FolderFilter', tier: 't0', from: '../folder' }));
    expect(listed).toContainEqual(expect.objectContaining({ name: 'T2Package', tier: 't2', from: 'novae@1.4.0' }));
    const schema = await runAmpel(['channel', 'schema'], { env });
    expect(schema.stdout).toContain('"FolderFilter"');
  });
});

describe('a unit with a mistake in it', () => {
  it.each([
    ['that ends its import', 'export const', 'throw new Error("half-baked");\nexport const', 'half-baked at '],
    ['that is no JavaScript', 'export const', 'export cnst', '" shows where'],
    ['of a part', "input: 'lightCurve'", "input: 'lightcurve'", 'did you mean "lightCurve"?'],
    ['of its name', "name: 'T2Wrong'", "name: 'T2LightCurveSummary'", 'Two units are named T2LightCurveSummary: '],
  ])('%s is told with its file, by a worker before any server is asked', async (_, from, to, cause) => {
    const folder = `wrong-${from.length}-${to.length}`;
    await newUnit('t2', 'T2Wrong', folder, [from, to]);
    const env = { ...(await configFile(`units: [../${folder}]`)), AMPEL_MONGODB_URI: 'mongodb://127.0.0.1:1' };
    for (const args of [['unit', 'list'], ['worker']]) {
      const { status, stdout, stderr } = await runAmpel(args, { env });
      expect(stderr).toMatch(/^error: .*t2-wrong\.mjs/);
      expect(stderr).toContain(cause);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    }
  });

  it('of the configuration is told with its line', async () => {
    const { status, stderr } = await runAmpel(['unit', 'list'], { env: await configFile('unit: [./mine]\n') });
    expect(stderr).toMatch(/ampel\.config\.yaml:1:1: unit: unknown key; did you mean "units"\?\n$/);
    expect(status).toBe(2);
  });
});

const HEAVY: [string, string][] = [
  ['import { ', "import { isMainThread } from 'node:worker_threads';\nimport { "],
  ["cost: 'light'", "cost: 'heavy'"],
  ['detections: z.int()', 'ownThread: z.boolean(),\n    detections: z.int()'],
  ['return { ...brightest,', 'return { ownThread: !isMainThread, ...brightest,'],
];

const CHANNEL = `
name: OWN
version: 1.0.0
stream: ztf
t0:
  unit: OwnBrightFilter
  config: { max_mag: 14 }
t2:
  - unit: T2OwnPeak
  - unit: T2OwnPeak
    config: { band: i }
  - unit: T2OwnHeavy
  - unit: T2OwnEndlessFit
  - unit: T2OwnEndlessLoop
`;

/** Loops for ever on light curves of some lengths: in a thread, and beside the decision. */
const ENDLESS = (name: string, cost: string): string => `
import { defineT2, z } from 'ampel-temporal/units';

export const unit = defineT2({
  name: '${name}',
  version: '1.0.0',
  summary: 'Does not end where the number of points is a multiple of ${EVERY}.',
  ...{ input: 'state', cost: '${cost}', config: z.strictObject({}), result: z.int() },
  ...(${cost === 'heavy'} && { execution: { timeoutMs: 3_000 } }),
  run({ datapoints }) {
    while (datapoints.length % ${EVERY} === 0);
    return datapoints.length;
  },
});
`;
const EVERY = 13;

describeWithData('a channel of units of one’s own', () => {
  let servers: RunningServers;
  let worker: ChildProcess;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    servers = await startServers({ ephemeral: true, searchAttributes: searchAttributeTypes });
    await newUnit('t0', 'OwnBrightFilter', 'mine');
    await newUnit('t2', 'T2OwnPeak', 'mine');
    await newUnit('t2', 'T2OwnHeavy', 'mine', ...HEAVY);
    await writeFile(join(home, 'mine/t2-own-endless-fit.mjs'), ENDLESS('T2OwnEndlessFit', 'heavy'));
    await writeFile(join(home, 'mine/t2-own-endless-loop.mjs'), ENDLESS('T2OwnEndlessLoop', 'light'));
    await writeFile(join(home, 'OWN.yaml'), CHANNEL);
    env = {
      ...(await configFile('units: [../mine]')),
      ...{ AMPEL_TEMPORAL_ADDRESS: servers.temporal.address, AMPEL_TEMPORAL_UI_URL: servers.temporal.uiUrl },
      ...{ AMPEL_MONGODB_URI: servers.mongodb.uri, AMPEL_DATABASE: 'own' },
    };
    worker = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'worker'], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (worker.stderr === null) throw new Error('a piped stream is missing');
    expect(await once(createInterface({ input: worker.stderr }), 'line')).toEqual(['ready: workflows, ingest, t2, t3']);
  });

  afterAll(async () => {
    worker.kill('SIGKILL');
    await servers.stop();
  });

  it('decides and computes on real alerts, beside the decision and in the pool of threads', async () => {
    const file = join(home, 'OWN.yaml');
    expect((await ampel('channel', 'start', file)).stdout).toMatch(/^OWN 1\.0\.0 /);
    await ampel('stream', 'start', 'rhu', '--from', SERIES, '--wait');
    const tried = jsonLines(await ampel('channel', 'try', file, '--from', SERIES, '--json'));
    const accepted = tried.filter((line) => line['accepted'] === true);
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length).toBeLessThan(tried.length);

    let states: { link: string; datapoints: string[] }[] = [];
    let results: Result[] = [];
    await eventually('each unit has a result for each state', async () => {
      const [shown] = jsonLines(await ampel('transient', 'show', SUPERNOVA, '--json'));
      states = shown?.['states'] as typeof states;
      results = shown?.['results'] as Result[];
      return results.length === 5 * states.length;
    });
    const endless = states.filter(({ datapoints }) => datapoints.length % EVERY === 0);
    expect(endless.length).toBeGreaterThan(0);
    expect(endless.length).toBeLessThan(states.length);
    for (const { link, datapoints } of states) {
      const ofState = results.filter((result) => result.link === link);
      const peak = ofState.find(({ unit, code }) => unit === 'T2OwnPeak' && code === 0);
      const heavy = ofState.find(({ unit }) => unit === 'T2OwnHeavy');
      const inBandI = ofState.find(({ unit, code }) => unit === 'T2OwnPeak' && code !== 0);
      expect(peak?.body).toMatchObject({ mag: expect.any(Number) as number });
      expect(heavy).toMatchObject({ code: 0, body: { ...peak?.body, ownThread: true } });
      // AMPEL's code for data that cannot give this result: the unit's BadInput is known for what it is.
      expect(inBandI).toMatchObject({ code: -2008, body: null, error: 'no detection' });
      for (const name of ['T2OwnEndlessFit', 'T2OwnEndlessLoop']) {
        const expected =
          datapoints.length % EVERY === 0
            ? { code: -2, body: null, error: expect.stringContaining('gave no result within') as unknown }
            : { code: 0, body: datapoints.length };
        expect(ofState.find(({ unit }) => unit === name)).toMatchObject(expected);
      }
    }
    expect((await ampel('transient', 'show', SUPERNOVA)).stdout).toMatch(/T2OwnPeak 1\.0\.0/);
  });

  function ampel(...args: string[]): Promise<AmpelRun> {
    return runAmpel(args, { env }).then((run) => {
      expect({ args, status: run.status, stderr: run.status === 0 ? '' : run.stderr }).toMatchObject({ status: 0 });
      return run;
    });
  }
});

interface Result {
  readonly unit: string;
  readonly link: string;
  readonly code: number;
  readonly body: Readonly<Record<string, unknown>> | null;
  readonly error?: string;
}
