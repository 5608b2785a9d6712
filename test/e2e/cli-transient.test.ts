import { join } from 'node:path';
import {
  benchChannel,
  HU_RAPID_CUTS,
  install,
  OPEN_CUTS,
  runStream,
  startChannel,
  type Installation,
} from '../../bench/installation.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, type RunningWorkers } from '../../worker/run-workers.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';
import { workflowBundle } from '../workflow-bundle.js';

/** A supernova of 34 alerts, another of 4, and 30 unrelated alerts of one night. */
const ARCHIVES = [
  'ztf/nights/20180819_v3.0_30alerts.tar.gz',
  'ztf/series/ZTF18abxhyqv_AT2018luk_4alerts.tar.gz',
  'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz',
].map((path) => join(sharedData, path));
const FIRST_ACCEPTED = '882463993115015007';
const UI = 'http://127.0.0.1:8233';

describeWithData('objects after three archives went through the channels HU_RAPID and BRIGHT', () => {
  let installation: Installation;
  let workers: RunningWorkers;
  /** State of the first alert of ZTF18abxhyqv that HU_RAPID accepts: of nothing but that alert, as none was stored before. */
  let link: string;

  beforeAll(async () => {
    quietRuntime();
    installation = await install();
    const { services, store } = installation;
    workers = await runWorkers({
      ...{ services, roles: ROLES, store, bundle: workflowBundle, clients: outsideClients({}) },
    });
    // BRIGHT wants detections by the dozen; the supernova of 4 alerts has three at most.
    for (const channel of [
      await benchChannel('HU_RAPID', HU_RAPID_CUTS),
      await benchChannel('BRIGHT', { ...OPEN_CUTS, min_ndet: 12 }),
    ]) {
      await startChannel(installation, channel);
    }
    await runStream(installation, 'archives', ARCHIVES, 50);
    const inspected = jsonLines(await runAmpel(['inspect', ...ARCHIVES, '--json']));
    link = String(inspected.find(({ alertId }) => alertId === FIRST_ACCEPTED)?.['state']);
  });

  afterAll(async () => {
    await workers.stop();
    await installation.close();
  });

  function ampel(...args: string[]): Promise<AmpelRun> {
    const { temporal, mongodb } = installation.services;
    const env = {
      AMPEL_TEMPORAL_ADDRESS: temporal.address,
      ...{ AMPEL_TEMPORAL_UI_URL: UI, AMPEL_MONGODB_URI: mongodb.uri, AMPEL_DATABASE: mongodb.database },
    };
    return runAmpel(args, { env });
  }

  it('are listed with what is stored of each, the last seen first', async () => {
    const lines = jsonLines(await ampel('transient', 'list', '--json'));
    expect(lines.slice(0, 2)).toMatchObject([
      { name: 'ZTF21abiuvdk', firstSeen: '2021-07-01', lastSeen: '2021-09-04', channels: ['BRIGHT', 'HU_RAPID'] },
      // The first two of its four alerts were refused, before any channel knew it.
      { name: 'ZTF18abxhyqv', stock: '360504273', alerts: 2, states: 1, results: 1, failed: 0, reactions: 0 },
    ]);
    const jds = lines.map(({ lastSeenJd }) => Number(lastSeenJd));
    expect(jds).toEqual([...jds].sort((a, b) => b - a));
  });

  it('are listed by channel, by night and so many at most', async () => {
    const names = async (...flags: string[]): Promise<unknown[]> =>
      jsonLines(await ampel('transient', 'list', '--json', ...flags)).map(({ name }) => name);
    const bright = await names('--channel', 'BRIGHT');
    expect(bright).toContain('ZTF21abiuvdk');
    expect(bright).not.toContain('ZTF18abxhyqv');
    expect(await names('--night', '2019-06-05')).toEqual(['ZTF18abxhyqv']);
    // Seen before and after, not then.
    expect(await names('--night', '2019-06-04')).toEqual([]);
    const limited = await ampel('transient', 'list', '--limit', '1');
    expect(limited).toMatchObject({ status: 0, stderr: expect.stringContaining('first 1, see --limit') as string });
    expect(limited.stdout).toMatch(/^object .*\n─+\nZTF21abiuvdk +0\.8142\d +16\.14570 +2021-07-01 .*\n$/);
  });

  it('are shown with light curve, states, results and the page of their workflow', async () => {
    const run = await ampel('transient', 'show', 'ZTF18abxhyqv', '--json');
    const [shown, ...others] = jsonLines(run);
    expect(others).toEqual([]);
    expect(shown).toMatchObject({
      name: 'ZTF18abxhyqv',
      firstAccepted: { HU_RAPID: { firstAlertId: FIRST_ACCEPTED } },
      states: [{ link, channels: ['HU_RAPID'] }],
      results: [{ unit: 'T2LightCurveSummary', link, code: 0 }],
      reactions: [],
      workflow: { state: 'RUNNING', status: { alerts: 2, queued: 0, failed: [] } },
    });
    const url = (shown?.['workflow'] as { readonly url: string }).url;
    expect(url).toMatch(`${UI}/namespaces/default/workflows/transient%2FZTF18abxhyqv/`);
    const { stdout } = await ampel('transient', 'show', 'ZTF18abxhyqv');
    expect(stdout).toContain('ZTF18abxhyqv (ztf, stock 360504273)');
    expect(stdout).toMatch(/^( {5}|\d\d\.\d\d) \|.*r$/m);
    expect(stdout).toContain('workflow transient/ZTF18abxhyqv: running; 2 alerts decided\n');
  });

  it('are explained by receipts before a channel accepted them and by their transient from then on', async () => {
    const lines = jsonLines(await ampel('explain', 'ZTF18abxhyqv', '--channel', 'HU_RAPID', '--json'));
    expect(lines).toMatchObject([
      { tier: 't0', outcome: 'rejected', reason: 'nDet', value: 1, limit: 2, decidedBy: 'screen' },
      { tier: 't0', outcome: 'rejected', reason: 'nDet', alertId: '879461413115015009', decidedBy: 'screen' },
      { tier: 't0', outcome: 'accepted', alertId: FIRST_ACCEPTED, link, decidedBy: 'transient' },
      { tier: 't2', outcome: 'computed', unit: 'T2LightCurveSummary', link },
      { tier: 't0', outcome: 'rejected', reason: 'tSpan', field: 'jd', limit: 5, decidedBy: 'transient' },
    ]);
    const screened = lines.filter(({ decidedBy }) => decidedBy === 'screen');
    for (const line of screened) expect(line).toMatchObject({ unit: 'DecentFilter', version: '1.0.0' });
    const hashes = lines.filter(({ tier }) => tier === 't0').map(({ configHash }) => configHash);
    expect(new Set(hashes).size).toBe(1);
    expect(lines[0]?.['jd']).toBeCloseTo(2458427.7852778, 6);
  });

  it('are explained in words where no channel ever accepted them', async () => {
    const { stdout, status } = await ampel('explain', 'ZTF18abcecyc');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ZTF18abcecyc: 1 alert in 2 channels, 0 times accepted, 2 times rejected\n\n/);
    expect(stdout).toMatch(
      /^2018-08-19 03:32 {2}alert 595147624915010001: BRIGHT rejected it: nDet \d+, limit 12 \(DecentFilter 1\.0\.0, config [0-9a-f]{8}\): fewer detections/m,
    );
    const shown = await ampel('transient', 'show', 'ZTF18abcecyc');
    expect(shown).toMatchObject({ status: 2, stdout: '' });
    expect(shown.stderr).toContain('"ampel explain ZTF18abcecyc" tells why');
  });

  it.each([
    ['transient', 'show', 'ZTF18abxhyqw'],
    ['explain', 'ZTF18abxhyqw'],
  ])('are missed under a wrong name with the right one as a hint: %s %s', async (...args) => {
    const run = await ampel(...args);
    expect(run).toMatchObject({ status: 2, stdout: '' });
    expect(run.stderr).toContain('There is no object ZTF18abxhyqw\nDid you mean ZTF18abxhyqv?');
  });

  it('are asked for of a channel that is none in vain, and the nearest channel is told', async () => {
    for (const args of [
      ['transient', 'list'],
      ['explain', 'ZTF18abxhyqv'],
    ]) {
      const run = await ampel(...args, '--channel', 'HU_RAPDI');
      expect(run).toMatchObject({ status: 2, stdout: '' });
      expect(run.stderr).toContain('Did you mean HU_RAPID?');
    }
  });

  it('are not listed for a night that is none', async () => {
    const { status, stdout, stderr } = await ampel('transient', 'list', '--night', '2018-02-30');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Expected a date, such as 2018-08-19.');
  });
});
