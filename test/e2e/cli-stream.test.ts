import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { benchChannel, install, OPEN_CUTS, startChannel, type Installation } from '../../bench/installation.js';
import { writeNightTar } from '../../streams/simulation/night-tar.js';
import { simulateSurvey } from '../../streams/simulation/survey.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, type RunningWorkers } from '../../worker/run-workers.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';
import { workflowBundle } from '../workflow-bundle.js';

const ALERTS_PER_NIGHT = 60;

describe('ampel stream on two simulated nights', () => {
  let installation: Installation;
  let workers: RunningWorkers;
  let folder: string;
  let nights: string[];
  let alerts: number;

  beforeAll(async () => {
    quietRuntime();
    installation = await install();
    const { services, store } = installation;
    workers = await runWorkers({
      ...{ services, roles: ROLES, store, bundle: workflowBundle, clients: outsideClients({}) },
    });
    folder = await mkdtemp(join(tmpdir(), 'ampel-stream-'));
    nights = [];
    alerts = 0;
    for (const night of simulateSurvey({ nights: 2, seed: 7, alertsPerNight: ALERTS_PER_NIGHT, weather: false })) {
      nights.push(await writeNightTar(folder, night));
      alerts += night.alertCount;
    }
  });

  afterAll(async () => {
    await workers.stop();
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  });

  function ampelStream(...args: string[]): Promise<AmpelRun> {
    const { temporal, mongodb } = installation.services;
    const env = {
      ...{ AMPEL_TEMPORAL_ADDRESS: temporal.address, AMPEL_TEMPORAL_NAMESPACE: temporal.namespace },
      ...{ AMPEL_MONGODB_URI: mongodb.uri, AMPEL_DATABASE: mongodb.database },
    };
    return runAmpel(['stream', ...args], { env });
  }

  it('starts one before there is a channel, says what it waits for, and pauses, resumes and stops it', async () => {
    const started = await ampelStream('start', 'early', '--from', ...nights);
    expect(started.stderr).toContain('No channel is active for ztf: the stream waits for one');
    expect(started.stdout).toBe('early is running: ztf alerts from 2 paths, clock of the stream\n');
    expect(started.status).toBe(0);
    const again = await ampelStream('start', 'early', '--from', ...nights);
    expect({ status: again.status, stderr: again.stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining('error: Stream early runs already\n') as string,
    });
    expect(jsonLines(await ampelStream('pause', 'early', '--json'))).toEqual([
      { name: 'early', state: 'paused', position: 0 },
    ]);
    expect(jsonLines(await ampelStream('list', '--json'))).toMatchObject([{ name: 'early', state: 'paused' }]);
    const said = (stdout: string): AmpelRun => ({ status: 0, stdout, stderr: '' });
    expect(await ampelStream('resume', 'early')).toEqual(said('early is running, position 0\n'));
    expect(await ampelStream('stop', 'early')).toEqual(said('early is stopped, position 0\n'));
    const late = await ampelStream('pause', 'early');
    expect(late.stderr).toContain('stream early is stopped');
    expect(late.status).toBe(1);
  });

  it('refuses what cannot be read: no such path, survey or name of a stream', async () => {
    const path = await ampelStream('start', 'july', '--from', `${nights[0] ?? ''}z`);
    expect(path.stderr).toContain(`Did you mean ${nights[0] ?? ''}?`);
    const survey = await ampelStream('start', 'july', '--from', folder, '--survey', 'zft');
    expect(survey.stderr).toContain('There is no survey zft\nDid you mean ztf?');
    const name = await ampelStream('start', 'ju/ly', '--from', folder);
    expect(name.stderr).toContain('Expected 1 to 100 letters');
    const unknown = await ampelStream('show', 'earli');
    expect(unknown.stderr).toContain('There is no stream earli\nDid you mean early?');
    expect([path, survey, name, unknown].map(({ status }) => status)).toEqual([2, 2, 2, 2]);
  });

  it('reads both nights to their end for a channel, then shows where it stands', async () => {
    await startChannel(installation, await benchChannel('OPEN', OPEN_CUTS));
    const run = await ampelStream('start', 'nights', '--from', ...nights, '--batch-size', '25', '--wait', '--json');
    expect(run.stderr).toContain('nights: ');
    expect(run.status).toBe(0);
    const [end] = jsonLines(run);
    expect(end).toMatchObject({
      ...{ name: 'nights', state: 'finished', position: alerts, unreadable: 0, deadLetters: 0 },
      ...{ survey: 'ztf', paths: nights },
    });
    expect(end?.['forwarded']).toBe(await installation.store.alerts.countDocuments({ stream: 'nights' }));
    expect(end?.['clock']).toMatch(/^2021-07-0[123]T/);
    expect(jsonLines(await ampelStream('show', 'nights', '--json'))[0]).toMatchObject({ ...end });
    expect((await ampelStream('show', 'nights')).stdout).toContain(`  position    ${alerts} alerts read (ztf)\n`);
    const list = await ampelStream('list');
    expect(list.stdout).toMatch(/^nights +ztf +\d+ .* finished$/m);
    const other = await ampelStream('start', 'nights', '--from', nights[0] ?? '');
    expect(other.stderr).toContain(`Stream nights has positions of another input: ${nights.join(' ')}`);
    expect(other.status).toBe(2);
  });

  it('says why one failed that was started with other paths behind the program', async () => {
    const paths = nights.slice(0, 1);
    await installation.client.workflow.start('stream', {
      ...{ workflowId: 'stream/nights', taskQueue: 'ampel-workflows' },
      args: [{ name: 'nights', survey: 'ztf', source: { kind: 'archive', paths }, clock: 'stream', batchSize: 25 }],
    });
    const handle = installation.client.workflow.getHandle('stream/nights');
    await expect(handle.result()).rejects.toThrow('Workflow execution failed');
    const [shown] = jsonLines(await ampelStream('show', 'nights', '--json'));
    expect(shown).toMatchObject({
      state: 'failed',
      failure: { message: expect.stringContaining('another input needs a stream of another name') as string },
    });
    const stored = await installation.store.streams.findOne({ _id: 'nights' });
    expect(stored?.state).toBe('finished');
  });
});
