import type { Admin } from 'kafkajs';
import type { StartAt } from '../source.js';
import { assignedKeys } from './assigner.js';
import type { Client } from './client.js';
import { KafkaError, kafkaErrorOf } from './kafka-error.js';
import { byTopic, partitionKey } from './partition-key.js';

/** Offsets by partition (`<topic>/<number>`). */
export type Offsets = ReadonlyMap<string, number>;

/** What is left of a partition: its first offset, and the one that the next message gets. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

/**
 * Questions to the brokers that are not about messages. Connects when first asked, and anew after a failure. Everything
 * rejects with `KafkaError`.
 */
export class ClusterView {
  private connection: Promise<Admin> | undefined;

  constructor(private readonly client: Client) {}

  topics(): Promise<string[]> {
    return this.ask('listing topics', (admin) => admin.listTopics());
  }

  async partitions(topics: readonly string[]): Promise<string[]> {
    if (topics.length === 0) return [];
    const metadata = await this.ask('topics', (admin) => admin.fetchTopicMetadata({ topics: [...topics] }));
    return metadata.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionId }) => partitionKey(name, partitionId)),
    );
  }

  /** Topics that are gone meanwhile are left out. */
  async extents(topics: readonly string[]): Promise<Map<string, Extent>> {
    const found = new Map<string, Extent>();
    for (const topic of topics) {
      const partitions = await this.askOfTopic(topic, (admin) => admin.fetchTopicOffsets(topic));
      for (const { partition, low, high } of partitions) {
        found.set(partitionKey(topic, partition), { low: toOffset(low), high: toOffset(high) });
      }
    }
    return found;
  }

  /** Where the topics' partitions are at that point: the end where nothing so late is there. */
  async offsetsAt(topics: readonly string[], when: StartAt): Promise<Map<string, number>> {
    if (typeof when === 'string') {
      const extents = await this.extents(topics);
      return new Map([...extents].map(([key, { low, high }]) => [key, when === 'earliest' ? low : high]));
    }
    const found = new Map<string, number>();
    for (const topic of topics) {
      const partitions = await this.askOfTopic(topic, (admin) =>
        admin.fetchTopicOffsetsByTimestamp(topic, when.timeMs),
      );
      for (const { partition, offset } of partitions) found.set(partitionKey(topic, partition), toOffset(offset));
    }
    return found;
  }

  /** What the group has acknowledged; partitions where it has not are left out. */
  async committed(group: string, keys: readonly string[]): Promise<Map<string, number>> {
    const topics = byTopic(keys);
    if (topics.length === 0) return new Map();
    const wanted = new Set(keys);
    const found = await this.ask(`group ${group}`, (admin) =>
      admin.fetchOffsets({ groupId: group, topics: topics.map(({ topic }) => topic) }),
    );
    const known = found.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => [partitionKey(topic, partition), Number(offset)] as const),
    );
    return new Map(known.filter(([key, offset]) => wanted.has(key) && offset >= 0));
  }

  /** Partitions that members of the group have; undefined while they are being given out. */
  async assigned(group: string): Promise<Set<string> | undefined> {
    const { groups } = await this.ask(`group ${group}`, (admin) => admin.describeGroups([group]));
    const [found] = groups;
    if (found?.state !== 'Stable') return undefined;
    return new Set(found.members.flatMap(({ memberAssignment }) => assignedKeys(memberAssignment)));
  }

  /** Also to forget topics: one that is gone spoils every further question. */
  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.then((admin) => admin.disconnect()).catch(() => undefined);
  }

  private async ask<Answer>(what: string, question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    try {
      this.connection ??= this.connect();
      return await question(await this.connection);
    } catch (error) {
      await this.close();
      throw kafkaErrorOf(error, `${what} ${this.client.where}`);
    }
  }

  /** A topic that was deleted between two questions has no partitions. */
  private async askOfTopic<Item>(topic: string, question: (admin: Admin) => Promise<Item[]>): Promise<Item[]> {
    try {
      return await this.ask(`topic ${topic}`, question);
    } catch (error) {
      if (error instanceof KafkaError && error.kind === 'topic') return [];
      throw error;
    }
  }

  private async connect(): Promise<Admin> {
    const admin = this.client.kafka.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      await admin.disconnect().catch(() => undefined);
      throw error;
    }
  }
}

/** Throws `RangeError` where a number of JavaScript cannot hold it. */
export function toOffset(text: string): number {
  const offset = Number(text);
  if (!Number.isSafeInteger(offset)) throw new RangeError(`offset ${text} is no number below 2^53`);
  return offset;
}
