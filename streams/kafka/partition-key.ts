/** `<topic>/<number>`; a topic's name has no slash. */
export function partitionKey(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Throws `RangeError` for what is no partition of a topic. */
export function parsePartitionKey(key: string): TopicPartition {
  const [, topic, digits] = /^([^/]+)\/(\d{1,9})$/.exec(key) ?? [];
  if (topic === undefined) throw new RangeError(`"${key}" is no partition: expected <topic>/<number>`);
  return { topic, partition: Number(digits) };
}

/** The partitions of each topic, as Kafka's requests want them. */
export function byTopic(keys: Iterable<string>): { topic: string; partitions: number[] }[] {
  const topics = new Map<string, number[]>();
  for (const key of keys) {
    const { topic, partition } = parsePartitionKey(key);
    const partitions = topics.get(topic);
    if (partitions === undefined) topics.set(topic, [partition]);
    else partitions.push(partition);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, partitions }));
}
