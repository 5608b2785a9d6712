import type { KafkaSource } from '../../model/kafka-source.js';
import type { StartAt } from '../source.js';
import { kafkaClient, type Secrets } from './client.js';
import { ClusterView } from './cluster-view.js';
import { topicNames } from './topic-names.js';

/**
 * The offsets where a source's partitions (`<topic>/<number>`) are at that point, for rewinding a stream: of the first
 * message written at that time or later, or the end where there is none. Rejects with `KafkaError`.
 */
export async function offsetsAt(
  spec: Pick<KafkaSource, 'brokers' | 'security' | 'topics'>,
  when: StartAt,
  secret: Secrets,
): Promise<Map<string, number>> {
  const names = topicNames(spec.topics);
  const client = await kafkaClient(spec, secret);
  const view = new ClusterView(client);
  try {
    return await view.offsetsAt(names.among(await view.topics()), when);
  } finally {
    await view.close();
    client.hangUp();
  }
}
