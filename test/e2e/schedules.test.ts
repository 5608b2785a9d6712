import { Client, Connection } from '@temporalio/client';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../kafka/eventually.js';
import { startBroker, type RunningBroker } from './running-broker.js';

let broker: RunningBroker;

interface Summary {
  readonly type: string;
  readonly key: string;
  readonly count: number;
  readonly objects: readonly {
    readonly name: string;
    readonly lastDetection: { readonly mag: number | null } | null;
    readonly results: Readonly<Record<string, unknown>>;
  }[];
}

async function channelFile(version: string, periodic: string): Promise<string> {
  const file = join(broker.folder, 'CLOCK.yaml');
  const text = `name: CLOCK\nversion: ${version}\nstream: ztf\nt0: { unit: AcceptAllFilter }\nt2: [{ unit: T2LightCurveSummary }]\nreactions: { mode: live }\nperiodic:\n${periodic}`;
  await writeFile(file, text);
  return file;
}

function rule(name: string, times: string, more = ''): string {
  return `  - { name: ${name}, unit: WebhookReaction, config: { url: '${broker.receiver}' }, ${times}${more} }\n`;
}

function told(type: string): Summary[] {
  return broker.received.map((body) => JSON.parse(body) as Summary).filter((message) => message.type === type);
}

async function scheduled(): Promise<Record<string, Record<string, unknown>>> {
  const rows = await broker.ampelJson('schedule', 'list', '--channel', 'CLOCK');
  return Object.fromEntries(rows.map((row) => [String(row['name']), row]));
}

beforeAll(async () => {
  broker = await startBroker('schedules');
  await broker.startWorker();
  const periodic = [
    rule('daily', 'at: 12:00 UTC'),
    rule('clocks', 'at: 02:30 Europe/Berlin'),
    rule('dawn', 'at: 30 min after morning twilight, site: palomar', ', tell: each, select: { new: 1 d, limit: 3 }'),
    rule(
      'bright',
      'every: 6 h',
      ', select: { accepted: 5 d, where: T2LightCurveSummary.num_detections > 1, order: brightest }',
    ),
  ];
  await broker.ampelJson('channel', 'start', await channelFile('1.0.0', periodic.join('')));
  const nights = join(broker.folder, 'nights');
  await broker.ampel(
    'simulate',
    '--nights',
    '4',
    '--seed',
    '3',
    '--alerts-per-night',
    '60',
    '--no-weather',
    '--out',
    nights,
  );
  await broker.ampelJson('stream', 'start', 'nights', '--from', nights, '--wait');
});

afterAll(() => broker.stop());

describe('the schedules of a channel', () => {
  it('are those of its file', async () => {
    await eventually('the schedules are there', async () =>
      Object.values(await scheduled()).every(({ state }) => state === 'active'),
    );
    const rows = await scheduled();
    expect(Object.keys(rows).sort()).toEqual(['CLOCK/bright', 'CLOCK/clocks', 'CLOCK/daily', 'CLOCK/dawn']);
    expect(rows['CLOCK/daily']?.['next']).toMatch(/T12:00:00.000Z$/);
    expect(rows['CLOCK/dawn']?.['next']).toMatch(/T1[123]:/);
  });

  it('run for the nights of an archive: with what was new since the last run, in the file of the run', async () => {
    const days = ['--from', '2021-07-01', '--to', '2021-07-08'];
    const runs = await broker.ampelJson('schedule', 'backfill', 'CLOCK/daily', ...days);
    expect(runs.map(({ due }) => String(due).slice(0, 16))).toEqual(
      Array.from({ length: 7 }, (_, day) => `2021-07-0${day + 1}T12:00`),
    );
    const summaries = told('ampel.population');
    // A run that has nothing to tell tells nothing.
    expect(runs.filter(({ selected }) => Number(selected) > 0)).toHaveLength(summaries.length);
    expect(summaries.map(({ key }) => key)).toEqual(
      runs.filter(({ selected }) => Number(selected) > 0).map(({ key }) => key),
    );
    for (const [index, { objects, key }] of summaries.entries()) {
      const dueJd = Date.parse(key.split('/')[2] ?? '') / 86_400_000 + 2_440_587.5;
      const lastJd = dueJd - 1;
      const names = objects.map(({ name }) => name);
      const accepted: unknown[] = await broker.db
        .collection('states')
        .distinct('objectId', { jd: { $gt: lastJd, $lte: dueJd } });
      expect([...names].sort()).toEqual([...accepted].sort());
      expect(objects.every(({ results }) => results['T2LightCurveSummary'] !== undefined)).toBe(true);
      expect(index).toBeLessThan(4);
    }
    const again = await broker.ampelJson('schedule', 'backfill', 'CLOCK/daily', ...days);
    expect(again.every((run) => run['told'] === undefined)).toBe(true);
    expect(told('ampel.population')).toHaveLength(summaries.length);
    const shown = await broker.ampel('schedule', 'show', 'CLOCK/daily');
    expect(shown.stdout).toMatch(/2021-07-02 12:00 +\d+ +\d+ +\d+ +confirmed 1/);
  });

  it('know the days on which a zone changes its clocks', async () => {
    const due = async (from: string, to: string): Promise<unknown[]> => {
      const days = ['--from', from, '--to', to, '--dry-run'];
      return (await broker.ampelJson('schedule', 'backfill', 'CLOCK/clocks', ...days)).map((run) => run['due']);
    };
    // Summer time begins: there is no 2:30 on the 29th.
    expect(await due('2026-03-28', '2026-03-31')).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-30T00:30:00.000Z']);
    // It ends: 2:30 comes twice on the 25th, and counts once.
    expect(await due('2026-10-24', '2026-10-27')).toEqual(
      ['2026-10-24T00:30', '2026-10-25T01:30', '2026-10-26T01:30'].map((time) => `${time}:00.000Z`),
    );
  });

  it('tell of each object by itself, no more than the limit, and the journal of each says so', async () => {
    const [run] = await broker.ampelJson('schedule', 'trigger', 'CLOCK/dawn', '--at', '2021-07-03T13:00Z', '--wait');
    expect(run).toMatchObject({ tell: 'each', selected: 3, told: { confirmed: 3 } });
    const messages = broker.received.map((body) => JSON.parse(body) as { key: string; object?: { name: string } });
    const ofRun = messages.filter(({ key }) => key.startsWith('CLOCK/dawn/'));
    expect(ofRun).toHaveLength(3);
    const [first] = ofRun;
    const explained = await broker.ampel('explain', first?.object?.name ?? '', '--channel', 'CLOCK');
    expect(explained.stdout).toContain('dawn');
    const again = await broker.ampel('schedule', 'trigger', 'CLOCK/dawn', '--at', '2021-07-03T13:00Z');
    expect(again).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('was run for this time already') as unknown,
    });
  });

  it('choose by what units have found, the brightest first', async () => {
    const at = ['--at', '2021-07-05T00:00Z', '--wait'];
    const [run] = await broker.ampelJson('schedule', 'trigger', 'CLOCK/bright', ...at);
    const message = told('ampel.population').find(({ key }) => key.startsWith('CLOCK/bright/'));
    const counts = message?.objects.map(
      ({ results }) => (results['T2LightCurveSummary'] as { num_detections: number }).num_detections,
    );
    expect(counts?.length).toBe(run?.['selected']);
    expect(Math.min(...(counts ?? []))).toBe(2);
    const mags = message?.objects.map(({ lastDetection }) => lastDetection?.mag ?? Number.NaN) ?? [];
    expect(mags).toEqual([...mags].sort((a, b) => a - b));
    expect(Number(run?.['looked'])).toBeGreaterThan(Number(run?.['matched']));
  });

  it('stand in the report of the night', async () => {
    const file = join(broker.folder, 'night.html');
    const night = ['--channel', 'CLOCK', '--night', '2021-07-02', '--candidates', '5', '--out', file];
    const [line] = await broker.ampelJson('report', ...night);
    const names: unknown[] = await broker.db
      .collection('states')
      .distinct('objectId', { jd: { $gte: 2_459_397.5, $lt: 2_459_398.5 } });
    expect(line).toMatchObject({ file, night: '2021-07-02', objects: names.length });
    const page = await readFile(file, 'utf8');
    expect(page.match(/<article/g)).toHaveLength(5);
    expect(page).toContain('>daily<');
    const wrong = await broker.ampel('report', '--channel', 'CLOCK', '--night', '2021-02-30');
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining('Expected a date') as unknown });
  });

  it('are run by Temporal when it is time', async () => {
    const before = told('ampel.population').length;
    await broker.ampelJson('channel', 'revise', await channelFile('1.1.0', rule('often', 'every: 1 min')));
    await eventually('the schedules are those of the revision', async () => {
      const rows = await scheduled();
      return Object.keys(rows).join() === 'CLOCK/often' && rows['CLOCK/often']?.['state'] === 'active';
    });
    // Not in the test's time: what Temporal itself starts.
    const client = await temporal();
    try {
      const handle = client.schedule.getHandle('reaction/CLOCK/often');
      await handle.trigger();
      await eventually(
        'the run has ended',
        async () => (await broker.db.collection('runs').countDocuments({ rule: 'often' })) > 0,
      );
      const run = await broker.db.collection('runs').findOne({ rule: 'often' });
      expect(Math.abs(Number(run?.['dueJd']) - (Date.now() / 86_400_000 + 2_440_587.5))).toBeLessThan(0.01);
      // Of 2021 nothing is new now.
      expect(run).toMatchObject({ looked: 0, selected: 0 });
      expect(told('ampel.population')).toHaveLength(before);
      await expect(client.schedule.getHandle('reaction/CLOCK/daily').describe()).rejects.toThrow(/not found/i);
    } finally {
      await client.connection.close();
    }
  });

  it('wait while the channel is paused, or a person has paused them, and go with the channel', async () => {
    const stateOf = async (): Promise<unknown> => (await scheduled())['CLOCK/often']?.['state'];
    await broker.ampelJson('channel', 'pause', 'CLOCK');
    await eventually('it is paused', async () => (await stateOf()) === 'paused');
    await broker.ampelJson('channel', 'resume', 'CLOCK');
    await eventually('it is active', async () => (await stateOf()) === 'active');
    await broker.ampelJson('schedule', 'pause', 'CLOCK/often', '--who', 'anna', '--why', 'the list moves');
    await broker.ampelJson('channel', 'pause', 'CLOCK');
    await broker.ampelJson('channel', 'resume', 'CLOCK');
    await eventually('it is kept', async () => {
      const row = (await scheduled())['CLOCK/often'];
      return row?.['state'] === 'paused' && row['note'] === 'anna: the list moves';
    });
    await broker.ampelJson('schedule', 'resume', 'CLOCK/often');
    expect(await stateOf()).toBe('active');
    await broker.ampelJson('channel', 'stop', 'CLOCK');
    const client = await temporal();
    try {
      await eventually('it is gone', () =>
        client.schedule
          .getHandle('reaction/CLOCK/often')
          .describe()
          .then(
            () => false,
            () => true,
          ),
      );
    } finally {
      await client.connection.close();
    }
    const gone = await broker.ampel('schedule', 'show', 'CLOCK/often');
    expect(gone).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('There is no periodic rule CLOCK/often') as unknown,
    });
  });
});

async function temporal(): Promise<Client> {
  const connection = await Connection.connect({ address: broker.env['AMPEL_TEMPORAL_ADDRESS'] ?? '' });
  return new Client({ connection, namespace: 'default' });
}
