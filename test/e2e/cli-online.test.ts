import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { startServers, type RunningServers } from '../../servers/embedded.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');
const example = resolve(import.meta.dirname, '../../channels/HU_RAPID.yaml');
const SERIES = join(sharedData, 'ztf/series');
/** SN 2021rhu: 34 alerts, of which the first few are young enough for HU_RAPID. */
const SUPERNOVA = 'ZTF21abiuvdk';
/** AT 2018luk: private data, so no alert of it gets past the screen. */
const PRIVATE = 'ZTF18abxhyqv';

let servers: RunningServers;
let receiver: Server;
let received: string[];
let folder: string;
let channelFile: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  servers = await startServers({ ephemeral: true, searchAttributes: searchAttributeTypes });
  received = [];
  receiver = createServer((request, response) => {
    received.push(String(request.headers['idempotency-key']));
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  folder = await mkdtemp(join(tmpdir(), 'ampel-online-'));
  const { port } = receiver.address() as AddressInfo;
  channelFile = join(folder, 'HU_RAPID.yaml');
  const live = (await readFile(example, 'utf8')).replace('mode: dry', 'mode: live');
  await writeFile(channelFile, live.replaceAll('127.0.0.1:9099', `127.0.0.1:${port}`));
  env = {
    ...{ AMPEL_TEMPORAL_ADDRESS: servers.temporal.address, AMPEL_TEMPORAL_UI_URL: servers.temporal.uiUrl },
    ...{ AMPEL_MONGODB_URI: servers.mongodb.uri, AMPEL_DATABASE: 'online' },
  };
});

afterAll(async () => {
  receiver.close();
  await rm(folder, { recursive: true, force: true });
  await servers.stop();
});

function ampel(...args: string[]): Promise<AmpelRun> {
  return runAmpel(args, { env });
}

/** The only object that a command prints with `--json`. */
async function ampelJson(...args: string[]): Promise<Record<string, unknown>> {
  const run = await ampel(...args, '--json');
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: '' });
  const [line, ...others] = jsonLines(run);
  expect(others).toEqual([]);
  return line ?? {};
}

describe('ampel without what it needs', () => {
  it.each([['worker'], ['channel', 'start', example]])(
    'ends with status 4 and the way out where there is no server: %j',
    async (...args) => {
      const { status, stdout, stderr } = await runAmpel(args, {
        env: { ...env, AMPEL_MONGODB_URI: 'mongodb://127.0.0.1:1' },
      });
      expect(stderr).toMatch(/^error: MongoDB does not answer.*\n.*"ampel up"/);
      expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    },
  );

  it('names Temporal where only that is away', async () => {
    const { status, stderr } = await runAmpel(['worker'], { env: { ...env, AMPEL_TEMPORAL_ADDRESS: '127.0.0.1:1' } });
    expect(stderr).toMatch(/^error: Temporal does not answer at 127\.0\.0\.1:1.*\n.*"ampel up"/);
    expect(status).toBe(4);
  });

  it('says that no worker answers, and keeps what was asked for', async () => {
    const { status, stdout, stderr } = await ampel('channel', 'start', channelFile, '--timeout', '1');
    expect(stderr).toContain('error: No worker answers: channel HU_RAPID is started, but not active yet\n');
    expect(stderr).toContain('"ampel worker"');
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
  });

  it('refuses a channel file with an error, at its line, before any server is asked', async () => {
    const file = join(folder, 'BAD.yaml');
    await writeFile(file, 'name: BAD\nversion: 1.0.0\nstream: ztf\nt0:\n  unit: DecentFiltr\n');
    const { status, stderr } = await runAmpel(['channel', 'start', file]);
    expect(stderr).toContain(`${file}:5:9 t0.unit: `);
    expect(stderr).toContain(`error: ${file} is no channel: 1 error\n`);
    expect(status).toBe(2);
  });
});

describeWithData('ampel with a worker in a process of its own', () => {
  let worker: ChildProcess;
  let messages: Interface;

  beforeAll(async () => {
    worker = spawn(process.execPath, [program, 'worker'], {
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (worker.stderr === null) throw new Error('a piped stream is missing');
    messages = createInterface({ input: worker.stderr });
    expect(await once(messages, 'line')).toEqual(['ready: workflows, ingest, t2, t3']);
  });

  afterAll(() => {
    worker.kill('SIGKILL');
  });

  it('makes a channel active that was started before there was a worker', async () => {
    const started = await ampelJson('channel', 'start', channelFile);
    expect(started).toMatchObject({ name: 'HU_RAPID', version: '1.0.0', state: 'active', started: false });
    expect((await ampel('channel', 'start', channelFile)).stdout).toMatch(
      /^HU_RAPID 1\.0\.0 runs already, it is active/,
    );
    expect(await ampelJson('channel', 'list')).toMatchObject({
      ...{ name: 'HU_RAPID', hash: started['hash'], state: 'active', streams: ['ztf'], objects: 0 },
    });
  });

  it('refuses another revision of a channel that runs', async () => {
    const { status, stderr } = await ampel('channel', 'start', await revised());
    expect(stderr).toMatch(
      /^error: HU_RAPID runs already, with version 1\.0\.0 \(\w{12}, not \w{12}\)\nGive it the new one: ampel channel revise FILE/,
    );
    expect(status).toBe(1);
  });

  it('decides on each real alert as without servers: accepted or not, cut, value and limit', async () => {
    expect(await ampelJson('channel', 'show', 'HU_RAPID')).toMatchObject({ accepted: 0, rejected: {} });
    const stream = await ampel('stream', 'start', 'series', '--from', SERIES, '--batch-size', '5', '--wait', '--json');
    expect(stream.status).toBe(0);
    expect(jsonLines(stream)).toMatchObject([{ name: 'series', state: 'finished', unreadable: 0 }]);

    const tried = jsonLines(await ampel('channel', 'try', channelFile, '--from', SERIES, '--json'));
    const objects = [...new Set(tried.map(({ objectId }) => String(objectId)))];
    expect(objects).toContain(PRIVATE);
    for (const objectId of objects) {
      const explained = jsonLines(await ampel('explain', objectId, '--json')).filter(({ tier }) => tier === 't0');
      expect(byAlert(explained)).toEqual(byAlert(tried.filter((line) => line['objectId'] === objectId)));
    }
  });

  it('counts what the channel accepted and why it rejected the rest', async () => {
    const tried = jsonLines(await ampel('channel', 'try', channelFile, '--from', SERIES, '--json'));
    const rejected: Record<string, number> = {};
    for (const { reason } of tried) if (typeof reason === 'string') rejected[reason] = (rejected[reason] ?? 0) + 1;
    const shown = await ampelJson('channel', 'show', 'HU_RAPID');
    const accepted = tried.filter((line) => line['accepted'] === true);
    expect(shown).toMatchObject({ state: 'active', objects: 1, accepted: accepted.length, rejected, earlier: [] });
    const { stdout } = await ampel('channel', 'show', 'HU_RAPID');
    expect(stdout).toMatch(/^rejected: tSpan +34 {2}detections in the packet span/m);
    expect(stdout).toContain(`${servers.temporal.uiUrl ?? ''}/namespaces/default/workflows/channel%2FHU_RAPID`);
  });

  it('shows what is known of a supernova, and what was sent of it, once each', async () => {
    expect(await ampelJson('transient', 'list')).toMatchObject({
      ...{ name: SUPERNOVA, alerts: 33, channels: ['HU_RAPID'], stage: 'following' },
    });
    const shown = await ampelJson('transient', 'show', SUPERNOVA);
    expect(shown).toMatchObject({ name: SUPERNOVA, channels: ['HU_RAPID'] });
    expect(shown['states']).toHaveLength(3);
    expect(shown['results']).toHaveLength(6);
    expect(shown['reactions']).toMatchObject([
      { rule: 'new-candidate', state: 'confirmed' },
      { rule: 'single-night', state: 'confirmed' },
    ]);
    expect(received).toHaveLength(2);
    expect(new Set(received).size).toBe(2);
    const { stdout } = await ampel('transient', 'show', SUPERNOVA);
    expect(stdout).toContain('upper limit');
    expect(stdout).toContain('accepted by HU_RAPID');
  });

  it('tells of an object that no channel accepted why, and of an unknown one that it is', async () => {
    const told = await ampel('explain', PRIVATE);
    expect(told.stdout).toMatch(/^2018-11-05 06:50 +alert 673285273115015035: HU_RAPID rejected it: access/m);
    const shown = await ampel('transient', 'show', PRIVATE);
    expect({ status: shown.status, hint: shown.stderr }).toEqual({
      status: 2,
      hint: expect.stringContaining(`"ampel explain ${PRIVATE}" tells why`) as string,
    });
    const misspelt = await ampel('transient', 'show', 'ZTF21abiuvdx');
    expect(misspelt.stderr).toContain(`Did you mean ${SUPERNOVA}?`);
    expect(misspelt.status).toBe(2);
  });

  it('gives a running channel another revision, says what changed, and nothing where nothing does', async () => {
    expect(await ampelJson('channel', 'revise', channelFile)).toMatchObject({ revised: false, changes: [] });
    const file = await revised('other cuts');
    const { stdout } = await ampel('channel', 'revise', file);
    expect(stdout).toMatch(
      /^HU_RAPID 1\.0\.2 is active, revision \w{12}\n {2}version: "1\.0\.0" -> "1\.0\.2"\n {2}t0\.ztf\.config\.min_rb: 0\.3 -> 0\.5\n/,
    );
    expect(await ampelJson('channel', 'list')).toMatchObject({ version: '1.0.2', state: 'active' });
    await ampel('channel', 'pause', 'HU_RAPID');
    expect(await ampelJson('channel', 'revise', channelFile)).toMatchObject({ state: 'paused', revised: true });
    expect(await ampelJson('channel', 'resume', 'HU_RAPID')).toEqual({ name: 'HU_RAPID', state: 'active' });
    expect(await ampelJson('channel', 'list')).toMatchObject({ version: '1.0.0', state: 'active' });
    const unknown = await ampel('channel', 'revise', await other());
    expect(unknown).toMatchObject({
      status: 2,
      stderr: 'error: OTHER does not run\nStart it: ampel channel start FILE\n',
    });
  });

  it('pauses, resumes and stops a channel, and starts it anew with another revision', async () => {
    expect(await ampelJson('channel', 'pause', 'HU_RAPID')).toEqual({ name: 'HU_RAPID', state: 'paused' });
    expect(await ampelJson('channel', 'start', channelFile)).toMatchObject({ state: 'paused', started: false });
    expect(await ampelJson('channel', 'resume', 'HU_RAPID')).toEqual({ name: 'HU_RAPID', state: 'active' });
    expect((await ampel('channel', 'stop', 'HU_RAPID')).stdout).toBe('HU_RAPID is stopped\n');
    expect(await ampelJson('channel', 'stop', 'HU_RAPID')).toEqual({ name: 'HU_RAPID', state: 'stopped' });
    const late = await ampel('channel', 'pause', 'HU_RAPID');
    expect({ status: late.status, stderr: late.stderr }).toEqual({
      status: 1,
      stderr: 'error: channel HU_RAPID is stopped\n"ampel channel start" starts it again.\n',
    });
    expect(await ampelJson('channel', 'start', await revised())).toMatchObject({ version: '1.0.1', started: true });
    const [before] = (await ampelJson('channel', 'show', 'HU_RAPID'))['earlier'] as { accepted: number }[];
    expect(before).toMatchObject({ accepted: 3 });
  });

  it('knows the channel that was meant by a misspelt name', async () => {
    const runs = await Promise.all([
      ...['show', 'pause', 'resume', 'stop'].map((verb) => ampel('channel', verb, 'HU_RAPIT')),
      ampel('explain', SUPERNOVA, '--channel', 'HU_RAPIT'),
    ]);
    for (const { status, stderr } of runs) {
      expect(stderr).toContain('error: There is no channel HU_RAPIT\nDid you mean HU_RAPID?');
      expect(status).toBe(2);
    }
  });

  it('ends its worker cleanly when it is told to', async () => {
    const end = once(worker, 'exit');
    worker.kill('SIGTERM');
    expect(await once(messages, 'line')).toEqual([expect.stringMatching(/^ending: /)]);
    expect(await end).toEqual([0, null]);
  });

  /** The channel with a change, under its own file name. */
  async function revised(change = ''): Promise<string> {
    const file = join(await mkdtemp(join(folder, 'revised-')), 'HU_RAPID.yaml');
    const text = await readFile(channelFile, 'utf8');
    const other = text.replace('version: 1.0.0', 'version: 1.0.2').replace('min_rb: 0.3', 'min_rb: 0.5');
    await writeFile(file, change === '' ? text.replace('version: 1.0.0', 'version: 1.0.1') : other);
    return file;
  }

  async function other(): Promise<string> {
    const file = join(folder, 'OTHER.yaml');
    await writeFile(file, (await readFile(channelFile, 'utf8')).replace('name: HU_RAPID', 'name: OTHER'));
    return file;
  }
});

/** What was decided on each alert, with the first cut that failed. */
function byAlert(lines: readonly Record<string, unknown>[]): Record<string, unknown> {
  const decisions = lines.map(({ alertId, accepted, outcome, reason, field, value, limit }) => {
    const isAccepted = accepted ?? outcome === 'accepted';
    return [String(alertId), { isAccepted, reason, field, value, limit }] as const;
  });
  expect(new Set(decisions.map(([alertId]) => alertId)).size).toBe(decisions.length);
  return Object.fromEntries(decisions);
}
