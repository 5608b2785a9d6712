import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, type Installation } from '../../bench/installation.js';
import { contentHash } from '../../model/content-hash.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, type RunningWorkers } from '../../worker/run-workers.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';
import { workflowBundle } from '../workflow-bundle.js';

const SCHEMAS = join(sharedData, 'lsst/schema/alert_packet_schemas.tar.gz');
const RUBIN = `name: RUBIN
version: 1.0.0
stream: lsst
t0:
  unit: AcceptAllFilter
keep:
  receipts: 30 d
`;

describeWithData('an LSST folder, a GCN folder and a simulated survey, side by side', () => {
  let installation: Installation;
  let workers: RunningWorkers;
  let folder: string;

  beforeAll(async () => {
    quietRuntime();
    installation = await install();
    const { services, store } = installation;
    workers = await runWorkers({
      ...{ services, roles: ROLES, store, bundle: workflowBundle, clients: outsideClients({}) },
    });
    folder = await mkdtemp(join(tmpdir(), 'ampel-streams-'));
    await writeFile(join(folder, 'RUBIN.yaml'), RUBIN);
    await writeFile(join(folder, 'SIM.yaml'), RUBIN.replace('RUBIN', 'SIM').replace('lsst', 'ztf'));
    for (const name of ['RUBIN', 'SIM'])
      expect((await ampel('channel', 'start', join(folder, `${name}.yaml`))).status).toBe(0);
  });

  afterAll(async () => {
    await workers.stop();
    await installation.close();
    await rm(folder, { recursive: true, force: true });
  });

  function ampel(...args: string[]): Promise<AmpelRun> {
    const { temporal, mongodb } = installation.services;
    const env = {
      ...{ AMPEL_TEMPORAL_ADDRESS: temporal.address, AMPEL_TEMPORAL_NAMESPACE: temporal.namespace },
      ...{ AMPEL_MONGODB_URI: mongodb.uri, AMPEL_DATABASE: mongodb.database },
    };
    return runAmpel(args, { env });
  }

  it('are read to their ends, and what cannot be read is kept', async () => {
    const runs = await Promise.all([
      ampel(
        'stream',
        'start',
        'rubin',
        '--survey',
        'lsst',
        '--from',
        join(sharedData, 'lsst/real'),
        join(sharedData, 'lsst/ampel/11290844.avro'),
        '--wait',
        '--json',
      ),
      ampel(
        'stream',
        'start',
        'gcn',
        '--survey',
        'gcn',
        '--from',
        join(sharedData, 'gcn/lvk_userguide'),
        join(sharedData, 'gcn/json_examples/gcn__circulars.example.json'),
        '--wait',
        '--json',
      ),
      ampel('stream', 'start', 'sky', '--simulate', '1', '--seed', '7', '--wait', '--json', '--batch-size', '1000'),
    ]);
    const [rubin, gcn, sky] = runs.map((run) => jsonLines(run)[0]);
    expect(rubin).toMatchObject({ state: 'finished', position: 4, forwarded: 3, unreadable: 1, deadLetters: 1 });
    expect(gcn).toMatchObject({ state: 'finished', position: 10, forwarded: 9, unreadable: 1, deadLetters: 1 });
    expect(sky).toMatchObject({ state: 'finished', unreadable: 0, input: '1 simulated nights, seed 7' });
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 0]);
  });

  // 121322411 is of the third alert, which came before the second.
  it('leave the states that AMPEL makes of alerts out of order, and the revisions of the event', async () => {
    const { store } = installation;
    const states = await store.states.find({ objectId: '11290844' }).sort({ jd: 1 }).toArray();
    expect(states.map(({ link, datapoints }) => [link, datapoints.length])).toEqual([
      ['-1010373664', expect.any(Number)],
      ['792119237', expect.any(Number)],
      ['121322411', expect.any(Number)],
    ]);
    const event = await store.events.findOne({ _id: 'mock/LVK:MS181101ab' });
    expect(event?.event).toMatchObject({
      state: 'retracted',
      eventId: 'LVK:MS181101ab',
    });
    expect(event?.event.revisions).toHaveLength(9);
    const maps = await store.skyMaps.find().toArray();
    expect(maps.map(({ _id, bytes }) => [_id.length, bytes.length() > 100_000])).toContainEqual([64, true]);
  });

  it('can be told why a message was put aside, and read it when its schema is there', async () => {
    const [letter] = jsonLines(await ampel('deadletters', 'list', '--stream', 'rubin', '--json'));
    expect(letter).toMatchObject({
      kind: 'schema',
      message: 'the message names schema 703, and no schemas are given (--schemas)',
    });
    const id = String(letter?.['id']);
    const shown = await ampel('deadletters', 'show', id, '--save', join(folder, 'letter'));
    expect(shown.stdout).toContain('    000000  00 00 00 02 bf');
    const vain = await ampel('deadletters', 'retry', id);
    expect({ status: vain.status, stdout: vain.stdout.split('\n')[0] }).toEqual({
      status: 1,
      stdout: '0 of 1 dead letter could be read',
    });
    await installation.store.streams.updateOne({ _id: 'rubin' }, { $set: { schemas: SCHEMAS } });
    const read = await ampel('deadletters', 'retry', '--stream', 'rubin');
    expect({ status: read.status, stdout: read.stdout }).toEqual({
      status: 0,
      stdout: '1 of 1 dead letter could be read\n',
    });
    expect(await installation.store.alerts.countDocuments({ survey: 'lsst' })).toBe(4);
    expect(jsonLines(await ampel('deadletters', 'list', '--stream', 'rubin', '--json'))).toEqual([]);
    expect(jsonLines(await ampel('deadletters', 'list', '--stream', 'rubin', '--all', '--json'))).toMatchObject([
      { id, retries: 2 },
    ]);
  });

  it('can be rewound when they do not read, and read the same again without a second effect', async () => {
    const { store } = installation;
    const before = await store.journal.countDocuments();
    const rewound = await ampel('stream', 'rewind', 'rubin', '--to', 'earliest', '--json');
    expect(jsonLines(rewound)).toEqual([{ name: 'rubin', partitions: { archive: 0 } }]);
    const far = await ampel('stream', 'rewind', 'rubin', '--to', '500');
    expect(far.stderr).toContain('Stream rubin is at position 0: what comes later cannot be skipped');
    const again = await ampel(
      'stream',
      'start',
      'rubin',
      '--survey',
      'lsst',
      '--from',
      join(sharedData, 'lsst/real'),
      join(sharedData, 'lsst/ampel/11290844.avro'),
      '--schemas',
      SCHEMAS,
      '--wait',
      '--json',
    );
    expect(jsonLines(again)[0]).toMatchObject({ state: 'finished', position: 4 });
    const receipts = await store.receipts.find({ stream: 'rubin' }).sort({ _id: 1 }).toArray();
    expect(receipts.map(({ reading, read }) => [reading, read])).toEqual([
      [-1, 1],
      [0, 3],
      [1, 4],
    ]);
    expect(await store.journal.countDocuments()).toBe(before);
    expect(contentHash(receipts.map(({ expiresAt, at }) => expiresAt.getTime() - at.getTime()))).toBe(
      contentHash([30, 30, 30].map((days) => days * 86_400_000)),
    );
  });
});
