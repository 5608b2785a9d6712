import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import type { KafkaSource } from '../model/kafka-source.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import { startKafka } from '../servers/kafka.js';
import { createTopics } from '../streams/kafka/create-topics.js';
import { kafkaProducer } from '../streams/kafka/producer.js';
import { install, startChannel, type Installation } from './installation.js';
import { realContainers } from './real-packets.js';
import { rejectingChannels } from './rejecting-channels.js';
import { startWorker, stopWorker } from './worker-process.js';

const TOPIC = 'ztf_20260101_programid1';
const PARTITIONS = 2;
const ALERTS = 36_000;
const CHUNK = 100;
const ROUNDS = 3;
const noSecret = (): string => '';

export interface KafkaResult {
  readonly alerts: number;
  readonly meanBytes: number;
  /** Alerts/s from start to end, joining the group included: medians of the rounds. */
  readonly bareClient: number;
  readonly stream: number;
  readonly share: number;
}

/**
 * ZTF packets from a real broker on this machine: read by the bare client and thrown away, and as a stream into ten channels
 * that refuse everything, with receipts, in turns. A worker, MongoDB and Temporal run beside the broker on the same cores.
 */
export async function kafka(report: (line: string) => void): Promise<KafkaResult> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-bench-kafka-'));
  const broker = await startKafka({ folder });
  const workers: ChildProcess[] = [];
  const installation = await install();
  try {
    const containers = await realContainers();
    await produce(broker.brokers, containers);
    report(`${ALERTS} alerts are in the topic`);
    for (const channel of await rejectingChannels(10)) await startChannelFor(installation, workers, channel);
    const rates: Record<'bare' | 'stream', number[]> = { bare: [], stream: [] };
    for (let round = 0; round <= ROUNDS; round++) {
      const bare = ALERTS / (await seconds(() => readBare(broker.brokers, `bare${round}`)));
      const stream = ALERTS / (await seconds(() => readStream(installation, broker.brokers, `stream${round}`)));
      report(`round ${round}: bare ${Math.round(bare)}, stream ${Math.round(stream)} alerts/s`);
      // The first warms up.
      if (round > 0) rates.bare.push(bare);
      if (round > 0) rates.stream.push(stream);
    }
    const meanBytes = Math.round(containers.reduce((sum, { length }) => sum + length, 0) / containers.length);
    const bareClient = median(rates.bare);
    const stream = median(rates.stream);
    return { alerts: ALERTS, meanBytes, bareClient, stream, share: stream / bareClient };
  } finally {
    for (const worker of workers) await stopWorker(worker);
    await installation.close();
    await broker.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startChannelFor(
  installation: Installation,
  workers: ChildProcess[],
  channel: Parameters<typeof startChannel>[1],
): Promise<void> {
  if (workers.length === 0) await startWorker(installation, workers, ['workflows', 'ingest', 't2', 't3']);
  await startChannel(installation, channel);
}

async function produce(brokers: readonly string[], containers: readonly Buffer[]): Promise<void> {
  await createTopics({ brokers }, [{ name: TOPIC, partitions: PARTITIONS }], noSecret);
  const producer = await kafkaProducer({ brokers }, noSecret);
  for (let sent = 0; sent < ALERTS; sent += CHUNK) {
    const messages = Array.from({ length: CHUNK }, (_, i) => {
      return { value: containers[(sent + i) % containers.length] ?? Buffer.alloc(0), partition: i % PARTITIONS };
    });
    await producer.send(TOPIC, messages);
  }
  await producer.close();
}

async function readBare(brokers: readonly string[], groupId: string): Promise<void> {
  const client = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const consumer = client.consumer({ groupId, maxBytesPerPartition: 4 * 1024 * 1024, maxBytes: 16 * 1024 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [TOPIC], fromBeginning: true });
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        autoCommit: false,
        eachBatch: ({ batch }) => {
          read += batch.messages.length;
          if (read >= ALERTS) resolve();
          return Promise.resolve();
        },
      })
      .catch(reject);
  });
  await consumer.disconnect();
}

async function readStream({ client }: Installation, brokers: readonly string[], name: string): Promise<void> {
  const source: KafkaSource = {
    ...{ kind: 'kafka', brokers, topics: [TOPIC], group: name, startAt: 'earliest', until: 'end' },
  };
  const handle = await client.workflow.start('stream', {
    workflowId: workflowId.stream(name),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ name, survey: 'ztf', source, clock: 'stream', batchSize: 500 }],
  });
  await handle.result();
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}

function median(numbers: number[]): number {
  return Math.round([...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0);
}
