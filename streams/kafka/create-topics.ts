import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { kafkaClient, type KafkaConnection, type Secrets } from './client.js';
import { kafkaErrorOf } from './kafka-error.js';

/** A topic to be made: for simulations, benchmarks and tests. */
export interface NewTopic {
  readonly name: string;
  readonly partitions: number;
}

/** Makes topics that are not there, with one copy of everything. Rejects with `KafkaError`. */
export async function createTopics(
  connection: KafkaConnection,
  topics: readonly NewTopic[],
  secret: Secrets,
): Promise<void> {
  const client = await kafkaClient(connection, secret);
  const admin = client.kafka.admin();
  try {
    await admin.connect();
    const existing = new Set(await admin.listTopics());
    const fresh = topics.filter(({ name }) => !existing.has(name));
    await admin.createTopics({
      // The client's own way of waiting takes a topic that is not known everywhere yet for a failure.
      waitForLeaders: false,
      topics: fresh.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions, replicationFactor: 1 })),
    });
    for (const topic of fresh) await served(admin, topic);
  } catch (error) {
    throw kafkaErrorOf(error, `making topics ${client.where}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
    client.hangUp();
  }
}

const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 30_000;

/** Metadata tell of a partition before its broker takes anything for it. Throws the client's last error. */
async function served(admin: Admin, { name, partitions }: NewTopic): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      if ((await admin.fetchTopicOffsets(name)).length === partitions) return;
    } catch (error) {
      if (Date.now() > endMs) throw error;
    }
    await sleep(LOOK_EVERY_MS);
  }
}
