import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import avsc from 'avsc';
import { contentHash } from '../model/content-hash.js';
import type { KafkaSource } from '../model/kafka-source.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import { startKafka } from '../servers/kafka.js';
import type { Store } from '../store/store.js';
import { streamTotals } from '../store/stream-positions.js';
import { readConfluentFrame } from '../streams/avro/confluent-frame.js';
import { readLocalSchemas } from '../streams/avro/local-schemas.js';
import { createTopics } from '../streams/kafka/create-topics.js';
import { kafkaProducer, type OutgoingMessage } from '../streams/kafka/producer.js';
import { loadRegistry } from '../units/registry.js';
import { benchChannel, install, OPEN_CUTS, startChannel } from './installation.js';
import { peakMemoryMb, startWorker, stopWorker } from './worker-process.js';

const TOPIC = 'lsst-alerts';
const PARTITIONS = 4;
const ALERTS = 10_000;
/** One in so many is accepted. */
const ACCEPTED_EVERY = 50;
const REAL = 'lsst/real/confluent_id703_v7.3_3527242430321524769.avro';
const SCHEMAS = 'lsst/schema/alert_packet_schemas.tar.gz';
const noSecret = (): string => '';

export interface BurstResult {
  readonly alerts: number;
  readonly meanBytes: number;
  /** From the moment when all are there until every accepted alert is decided on. */
  readonly drainedInSeconds: number;
  readonly forwarded: number;
  readonly states: number;
  readonly peakMemoryMb: number;
}

/**
 * A visit of Rubin: 10,000 packets of real size at once for a stream that has read all before them; 2 % are accepted and
 * go all the way to a result. `AMPEL_DATA` names the folder with real data.
 */
export async function burst(report: (line: string) => void): Promise<BurstResult> {
  const data = resolve(process.env['AMPEL_DATA'] ?? '../shared/data');
  const folder = await mkdtemp(join(tmpdir(), 'ampel-bench-burst-'));
  const broker = await startKafka({ folder });
  const workers: ChildProcess[] = [];
  const installation = await install();
  try {
    const { client, store } = installation;
    const messages = await packets(data);
    const meanBytes = Math.round(messages.reduce((sum, { value }) => sum + value.length, 0) / ALERTS);
    await createTopics(broker, [{ name: TOPIC, partitions: PARTITIONS }], noSecret);
    const producer = await kafkaProducer(broker, noSecret);
    const worker = await startWorker(installation, workers, ['workflows', 'ingest', 't2', 't3']);
    await startChannel(installation, await rubinChannel());
    const source: KafkaSource = {
      ...{ kind: 'kafka', brokers: broker.brokers, topics: [TOPIC], group: 'burst', startAt: 'earliest' },
    };
    const handle = await client.workflow.start('stream', {
      workflowId: workflowId.stream('burst'),
      taskQueue: TASK_QUEUE.workflows,
      args: [{ name: 'burst', survey: 'lsst', source, schemas: join(data, SCHEMAS), clock: 'wall', batchSize: 500 }],
    });
    // The stream reads already, as on every night; it rests while the burst is written, which takes longer than a visit here.
    await producer.send(TOPIC, messages.slice(0, 1));
    while ((await store.positions.countDocuments({ stream: 'burst' })) === 0) await pause(50);
    await handle.signal('pause');
    while ((await store.streams.countDocuments({ _id: 'burst', state: 'paused' })) === 0) await pause(50);
    await producer.send(TOPIC, messages.slice(1));
    report(`${ALERTS} packets of ${meanBytes} bytes are in the topic`);
    const startMs = performance.now();
    await handle.signal('resume');
    await drained(store);
    const drainedInSeconds = (performance.now() - startMs) / 1000;
    await handle.signal('stop');
    await handle.result();
    await producer.close();
    return {
      ...{ alerts: ALERTS, meanBytes, drainedInSeconds },
      forwarded: await store.alerts.countDocuments({ stream: 'burst' }),
      states: await store.states.countDocuments(),
      peakMemoryMb: await peakMemoryMb(worker),
    };
  } finally {
    for (const worker of workers) await stopWorker(worker);
    await installation.close();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Resolves when all is read and every accepted alert is decided on. */
async function drained(store: Store): Promise<void> {
  for (;;) {
    const { position } = await streamTotals(store, 'burst');
    const pending = await store.alerts.countDocuments({ stream: 'burst', pending: true });
    if (position >= ALERTS && pending === 0) return;
    await pause(50);
  }
}

/** Takes objects that were seen before. */
async function rubinChannel(): Promise<Awaited<ReturnType<typeof benchChannel>>> {
  const registry = await loadRegistry();
  const filter = registry.filter('ReallySimpleLSSTFilter');
  const config = { min_ndet: 2, max_ndet: 1000, min_tspan: 0, max_tspan: 1000 };
  const t0 = { unit: filter.name, version: filter.version, config, configHash: contentHash(config) };
  return { ...(await benchChannel('RUBIN', OPEN_CUTS)), streams: ['lsst'], access: ['LSST'], t0: { lsst: t0 } };
}

/** The real packet over and over, each of an object of its own; one in fifty has an earlier source. */
async function packets(data: string): Promise<OutgoingMessage[]> {
  const { schemaId, record } = readConfluentFrame(await readFile(join(data, REAL)));
  const schema = JSON.parse((await readLocalSchemas(join(data, SCHEMAS))).schema(schemaId).json) as avsc.Schema;
  const type = avsc.Type.forSchema(schema, { registry: { long: LONG } });
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(schemaId, 1);
  return Array.from({ length: ALERTS }, (_, i) => {
    // Decoded anew each time: the members of the record are changed.
    const alert = type.fromBuffer(record) as LsstRecord;
    const [sourceId, objectId] = [
      String(3_600_000_000_000_000_000n + BigInt(i)),
      String(3_700_000_000_000_000_000n + BigInt(i)),
    ];
    const earlier = {
      ...alert.diaSource,
      diaSourceId: `${sourceId.slice(0, 2)}1${sourceId.slice(3)}`,
      diaObjectId: objectId,
    };
    alert.alertId = sourceId;
    alert.diaSourceId = sourceId;
    Object.assign(alert.diaSource, { diaSourceId: sourceId, diaObjectId: objectId });
    if (alert.diaObject !== null) alert.diaObject['diaObjectId'] = objectId;
    const { midpointMjdTai, visit } = alert.diaSource;
    const history = {
      ...earlier,
      midpointMjdTai: Number(midpointMjdTai) - 3,
      visit: String(BigInt(String(visit)) - 1n),
    };
    alert.prvDiaSources = i % ACCEPTED_EVERY === 0 ? [history] : [];
    return { value: Buffer.concat([frame, type.toBuffer(alert)]), key: objectId };
  });
}

interface LsstRecord {
  alertId: string;
  diaSourceId: string;
  readonly diaSource: Record<string, unknown>;
  readonly diaObject: Record<string, unknown> | null;
  prvDiaSources: Record<string, unknown>[] | null;
}

const LONG = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE().toString(),
  toBuffer: (value: string) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value));
    return bytes;
  },
  fromJSON: (value: unknown) => String(value),
  toJSON: (value: string) => value,
  isValid: (value: unknown) => typeof value === 'string' && /^-?\d+$/.test(value),
  compare: (a: string, b: string) => (BigInt(a) < BigInt(b) ? -1 : Number(a !== b)),
});

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
