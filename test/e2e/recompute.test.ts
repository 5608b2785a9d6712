import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../kafka/eventually.js';
import { startBroker, type RunningBroker } from './running-broker.js';

const root = resolve(import.meta.dirname, '../..');

/** A slow unit on a queue of its own, and one that builds on it. */
const UNITS = {
  't2-slow.mjs': `import { defineT2, z } from 'ampel-temporal/units';
export const t2Slow = defineT2({
  name: 'T2Slow', version: '1.0.0', summary: 'Takes a moment of a CPU.', input: 'state', cost: 'heavy',
  execution: { group: 'slow' }, config: z.strictObject({ scale: z.number().default(1) }), result: z.number(),
  run({ datapoints }, { scale }) {
    const end = performance.now() + 40;
    while (performance.now() < end);
    return datapoints.length * scale;
  },
});
`,
  't2-built.mjs': `import { defineTiedT2, z } from 'ampel-temporal/units';
export const t2Built = defineTiedT2({
  name: 'T2Built', version: '1.0.0', summary: 'Builds on the slow one.', input: 'state', cost: 'light',
  needs: [{ unit: 'T2Slow', of: 'same' }], config: z.strictObject({}), result: z.number(),
  run: (_, __, { T2Slow: [slow] }) => slow.body + 0.5,
});
`,
};
const CHANNEL = (version: string, scale: number, receiver: string): string => `
name: NIGHTS
version: ${version}
stream: ztf
t0: { unit: AcceptAllFilter }
t2:
  - { unit: T2Slow, config: { scale: ${scale} } }
  - { unit: T2Built }
reactions: { mode: live }
t3:
  - { name: tell, unit: WebhookReaction, when: { result: T2Slow }, config: { url: '${receiver}' } }
`;

let home: string;
let broker: RunningBroker;
let decider: ChildProcess;
let reader: ChildProcess;
let computer: ChildProcess;
/** How many states the channel has seen. */
let states: number;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ampel-recompute-'));
  await mkdir(join(home, 'units'));
  await mkdir(join(home, 'node_modules'));
  await symlink(root, join(home, 'node_modules/ampel-temporal'));
  for (const [name, code] of Object.entries(UNITS)) await writeFile(join(home, 'units', name), code);
  await writeFile(join(home, 'ampel.config.yaml'), 'units: [./units]\n');
  broker = await startBroker('recompute', { AMPEL_CONFIG: join(home, 'ampel.config.yaml') });
  await startWorkers();
  await broker.ampelJson('channel', 'start', await channelFile('1.0.0', 1));
  await stream('past', 1, 80);
  states = await broker.db.collection('states').countDocuments();
  // A stream ends when all is set off; a slow unit may have much to do then.
  await eventually('the past is computed', async () => {
    return (await results({ unit: 'T2Slow' })) === states && (await results({ unit: 'T2Built' })) === states;
  });
});

afterAll(async () => {
  await broker.stop();
  await rm(home, { recursive: true, force: true });
});

async function startWorkers(): Promise<void> {
  [decider, reader, computer] = await Promise.all([
    startDecider(),
    broker.startWorker('--role', 'ingest', 't3'),
    startComputer(),
  ]);
}

function startDecider(): Promise<ChildProcess> {
  return broker.startWorker('--role', 'workflows');
}

function startComputer(): Promise<ChildProcess> {
  return broker.startWorker('--queue', 't2', 't2-slow');
}

async function end(worker: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const exit = once(worker, 'exit');
  worker.kill(signal);
  await exit;
}

async function channelFile(version: string, scale: number): Promise<string> {
  const file = join(home, 'NIGHTS.yaml');
  await writeFile(file, CHANNEL(version, scale, broker.receiver));
  return file;
}

/** Reads a simulated night to its end: every state has its tasks then. */
async function stream(name: string, seed: number, alerts: number): Promise<void> {
  const out = join(home, name);
  const night = ['--nights', '1', '--seed', `${seed}`, '--alerts-per-night', `${alerts}`, '--no-weather'];
  await broker.ampel('simulate', ...night, '--out', out);
  await broker.ampelJson('stream', 'start', name, '--from', out, '--wait');
}

async function newStates(): Promise<number> {
  return (await broker.db.collection('states').countDocuments()) - states;
}

function results(of: Readonly<Record<string, unknown>>): Promise<number> {
  return broker.db.collection('results').countDocuments(of);
}

async function recompute(...args: string[]): Promise<Record<string, unknown>> {
  const [line = {}] = await broker.ampelJson('unit', 'recompute', ...args);
  return line;
}

describe('a new version of a unit that another one builds on', () => {
  it('is computed for the past while a night goes on, which is served first, and a killed worker costs nothing', async () => {
    expect(states).toBeGreaterThan(50);
    for (const worker of [decider, reader, computer]) await end(worker, 'SIGTERM');
    const file = join(home, 'units/t2-slow.mjs');
    await writeFile(file, (await readFile(file, 'utf8')).replace("version: '1.0.0'", "version: '2.0.0'"));
    await startWorkers();
    const told = broker.received.length;
    const counts = await broker.ampelJson('unit', 'recompute', '--dry-run');
    expect(counts.sort((a, b) => String(a['unit']).localeCompare(String(b['unit'])))).toEqual([
      { unit: 'T2Built', version: '1.0.0', results: states },
      { unit: 'T2Slow', version: '2.0.0', results: states },
    ]);
    expect(await results({ version: '2.0.0' })).toBe(0);

    // The computing worker is away, so that all that is to be computed stands in its queue before the night begins.
    await end(computer, 'SIGTERM');
    const begun = await recompute('--rate', '100/s', '--who', 'anna', '--why', 'the scale was wrong');
    expect(begun).toMatchObject({ results: 2 * states, workflowId: expect.stringMatching(/^recompute\//) as unknown });
    const night = stream('now', 2, 8);
    const alerts = broker.db.collection('alerts');
    await eventually('the night is decided on', async () => {
      const isRead = (await alerts.countDocuments({ stream: 'now' })) > 0;
      return isRead && (await alerts.countDocuments({ pending: true })) === 0;
    });
    const entries = broker.db.collection('journal');
    const ofRecomputation = { tier: 't2', 'asked.by': 'anna' };
    const ofNight = { tier: 't2', unit: 'T2Slow', version: '2.0.0', asked: { $exists: false } };
    computer = await startComputer();
    await eventually('the night is computed', async () => {
      return (
        (await entries.countDocuments(ofNight)) > 0 && (await entries.countDocuments(ofNight)) === (await newStates())
      );
    });
    const inBetween = await entries.countDocuments(ofRecomputation);
    await end(decider, 'SIGKILL');
    decider = await startDecider();
    await night;
    await eventually('all is computed', async () => (await entries.countDocuments(ofRecomputation)) === 2 * states);
    // Those that a worker had taken already.
    expect(inBetween).toBeLessThan(states / 2);
    expect(await entries.findOne({ 'asked.by': 'anna' })).toMatchObject({
      ...{ asked: { by: 'anna', why: 'the scale was wrong' }, outcome: 'computed' },
    });
    expect(await results({ unit: 'T2Slow', version: '1.0.0' })).toBe(states);
    const recomputed = await broker.db.collection('results').findOne({ 'asked.by': 'anna' });
    const shown = await broker.ampel('transient', 'show', String(recomputed?.['objectId']));
    expect(shown.stdout.replace(/\s+/g, ' ')).toContain('(computed anew for anna: the scale was wrong)');
    expect(await results({ code: { $ne: 0 } })).toBe(0);
    // A stream ends when all is set off; the last of its results may still be under way.
    await eventually('nothing is missing', async () => {
      return (await broker.ampelJson('unit', 'recompute', '--dry-run')).length === 0;
    });
    expect(broker.received.length - told).toBeLessThan(states);
  });
});

describe('another config in a revision of the channel', () => {
  it('is computed for the past, beside what the revision before gave', async () => {
    const [told] = await broker.ampelJson('channel', 'revise', await channelFile('1.1.0', 10));
    expect(told).toMatchObject({ revised: true, changes: expect.arrayContaining([expect.anything()]) as unknown });
    const before = await results({ unit: 'T2Slow', version: '2.0.0' });
    const [count] = await broker.ampelJson('unit', 'recompute', 'T2Slow', '--dry-run');
    expect(count).toEqual({ unit: 'T2Slow', version: '2.0.0', results: before });
    const done = await recompute('T2Slow', '--channel', 'NIGHTS', '--rate', '100', '--why', 'revision 1.1.0', '--wait');
    expect(done).toMatchObject({ results: before, computed: before, failed: 0 });
    expect(await results({ unit: 'T2Slow', version: '2.0.0' })).toBe(2 * before);
    const again = await broker.ampel('unit', 'recompute', 'T2Slow', '--why', 'once more');
    expect(again).toMatchObject({ status: 0, stdout: 'There is nothing to compute.\n' });
  });
});

describe('ampel unit recompute', () => {
  it.each([
    [['T2Slov', '--dry-run'], 'There is no unit T2Slov'],
    [['DecentFilter', '--dry-run'], 'DecentFilter is no T2 unit'],
    [['--channel', 'NIGHT', '--dry-run'], 'There is no channel NIGHT'],
    [['--from', '2021-07-02', '--to', '2021-07-02', '--dry-run'], '--to is not after --from'],
    [['--rate', '0/s', '--dry-run'], 'Expected a whole number from 1 to'],
  ])('refuses %j', async (args, message) => {
    const { status, stdout, stderr } = await broker.ampel('unit', 'recompute', ...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
