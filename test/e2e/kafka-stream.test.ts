import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, type Installation } from '../../bench/installation.js';
import { startKafka, type RunningKafka } from '../../servers/kafka.js';
import { createTopics } from '../../streams/kafka/create-topics.js';
import { kafkaProducer } from '../../streams/kafka/producer.js';
import { simulateSurvey } from '../../streams/simulation/survey.js';
import { outsideClients } from '../../worker/clients.js';
import { quietRuntime, ROLES, runWorkers, type RunningWorkers } from '../../worker/run-workers.js';
import { describeWithJava } from '../kafka/describe-with-java.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';
import { workflowBundle } from '../workflow-bundle.js';

const CHANNEL = `name: ALL
version: 1.0.0
stream: ztf
t0:
  unit: AcceptAllFilter
`;
const noSecret = (): string => '';

describeWithJava('a stream of Kafka with two readers', () => {
  let installation: Installation;
  let workers: RunningWorkers;
  let kafka: RunningKafka;
  let folder: string;
  let alerts = 0;

  beforeAll(async () => {
    quietRuntime();
    folder = await mkdtemp(join(tmpdir(), 'ampel-kafka-'));
    kafka = await startKafka({ folder: join(folder, 'kafka') });
    installation = await install();
    const { services, store } = installation;
    workers = await runWorkers({
      ...{ services, roles: ROLES, store, bundle: workflowBundle, clients: outsideClients({}) },
    });
    await writeFile(join(folder, 'ALL.yaml'), CHANNEL);
    expect((await ampel('channel', 'start', join(folder, 'ALL.yaml'))).status).toBe(0);
    await createTopics(kafka, [{ name: 'ztf_20210701_programid1', partitions: 4 }], noSecret);
    const producer = await kafkaProducer(kafka, noSecret);
    for (const night of simulateSurvey({ nights: 1, seed: 7, alertsPerNight: 120, weather: false })) {
      const messages = Array.from(night.alerts, ({ packet, objectId }) => ({ value: packet, key: objectId }));
      await producer.send('ztf_20210701_programid1', messages);
      alerts += messages.length;
    }
    await producer.send('ztf_20210701_programid1', [{ value: Buffer.from('no alert'), key: 'x' }]);
    await producer.close();
  });

  afterAll(async () => {
    await workers.stop();
    await installation.close();
    await kafka.stop();
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

  it('is read to where its topics end, each alert once, and tells where it is in each partition', async () => {
    const run = await ampel(
      ...['stream', 'start', 'night', '--kafka', ...kafka.brokers, '--topics', '/^ztf_\\d{8}_programid1$/'],
      ...['--until-end', '--readers', '2', '--batch-size', '20', '--wait', '--json'],
    );
    const [end] = jsonLines(run);
    expect(end).toMatchObject({
      ...{ name: 'night', state: 'finished', position: alerts + 1, forwarded: alerts, unreadable: 1, lag: 0 },
      input: `/^ztf_\\d{8}_programid1$/ at ${kafka.brokers.join(',')}`,
    });
    const { store } = installation;
    expect(await store.alerts.countDocuments({ stream: 'night' })).toBe(alerts);
    expect(await store.journal.countDocuments({ tier: 't0', outcome: 'accepted' })).toBe(alerts);
    const receipts = await store.receipts.find({ stream: 'night' }).toArray();
    expect(receipts.reduce((sum, { read }) => sum + read, 0)).toBe(alerts);
    expect(new Set(receipts.map(({ partition }) => partition)).size).toBe(4);
    const letters = jsonLines(await ampel('deadletters', 'list', '--stream', 'night', '--json'));
    expect(letters).toMatchObject([{ kind: 'not-avro' }]);
    const shown = await ampel('stream', 'show', 'night');
    expect(shown.stdout).toMatch(/^ {2}partitions {2}ztf_20210701_programid1\/0 at (\d+) of \1$/m);
    expect(shown.stdout).toMatch(/^ {2}lag {9}0 alerts to be read$/m);
  });

  it('goes on where it was when more comes, and again from the beginning when it is rewound', async () => {
    const producer = await kafkaProducer(kafka, noSecret);
    const [night] = simulateSurvey({ nights: 1, seed: 8, alertsPerNight: 20, weather: false });
    const messages = Array.from(night?.alerts ?? [], ({ packet, objectId }) => ({ value: packet, key: objectId }));
    await producer.send('ztf_20210701_programid1', messages);
    await producer.close();
    const start = [
      ...['stream', 'start', 'night', '--kafka', ...kafka.brokers, '--topics', '/^ztf_\\d{8}_programid1$/'],
      ...['--until-end', '--readers', '2', '--wait', '--json'],
    ];
    const on = jsonLines(await ampel(...start))[0];
    expect(on).toMatchObject({ state: 'finished', position: alerts + 1 + messages.length, lag: 0 });
    const rewound = jsonLines(await ampel('stream', 'rewind', 'night', '--to', 'earliest', '--json'))[0];
    expect(Object.values(rewound?.['partitions'] as object)).toEqual([0, 0, 0, 0]);
    const { store } = installation;
    const decisions = await store.journal.countDocuments();
    const again = jsonLines(await ampel(...start))[0];
    expect(again).toMatchObject({ state: 'finished', position: 2 * (alerts + 1 + messages.length), lag: 0 });
    expect(await store.journal.countDocuments()).toBe(decisions);
    expect(await store.receipts.distinct('reading')).toEqual([0, 1]);
  });
});
