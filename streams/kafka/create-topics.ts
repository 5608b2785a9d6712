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
      waitForLeaders: true,
      topics: fresh.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions, replicationFactor: 1 })),
    });
  } catch (error) {
    throw kafkaErrorOf(error, `making topics ${client.where}`);
  } finally {
    await admin.disconnect().catch(() => undefined);
    client.hangUp();
  }
}
