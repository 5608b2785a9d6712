import { contentHash } from '../../model/content-hash.js';
import { unixMsOfJd } from '../../model/julian-date.js';
import { kafkaClient } from '../../streams/kafka/client.js';
import { ClusterView, type Offsets } from '../../streams/kafka/cluster-view.js';
import { createTopics } from '../../streams/kafka/create-topics.js';
import { partitionKey } from '../../streams/kafka/partition-key.js';
import { kafkaProducer, type OutgoingMessage } from '../../streams/kafka/producer.js';
import type { SimulatedAlert } from '../../streams/simulation/survey.js';

/** Of each night's topic. */
export const PARTITIONS = 4;
/** What the names of ZTF's public topics look like. */
export const NIGHT_TOPICS = '/^ztf_\\d{8}_programid1$/';

/** The topic of a night (`YYYYMMDD`), named as ZTF names those of its public survey. */
export function nightTopic(date: string): string {
  return `ztf_${date}_programid1`;
}

/** Topics of simulated nights on a broker of the demo's own. Everything rejects with `KafkaError`. */
export interface NightTopics {
  /** Resolves when the broker has the alerts. */
  write(topic: string, alerts: readonly SimulatedAlert[]): Promise<void>;
  /** The offset that the next message of each partition gets, by `<topic>/<number>`. */
  ends(topics: readonly string[]): Promise<Offsets>;
  /** True when the readers of the group have shared out all partitions of the topics among themselves. */
  areRead(group: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Makes the topics that are not there yet, and connects to them. */
export async function openNightTopics(brokers: readonly string[], topics: readonly string[]): Promise<NightTopics> {
  const connection = { brokers };
  await createTopics(
    connection,
    topics.map((name) => ({ name, partitions: PARTITIONS })),
    noSecret,
  );
  const producer = await kafkaProducer(connection, noSecret);
  const client = await kafkaClient(connection, noSecret);
  const view = new ClusterView(client);
  return {
    write: (topic, alerts) => producer.send(topic, alerts.map(messageOf)),
    ends: async (asked) => new Map([...(await view.extents(asked))].map(([key, { high }]) => [key, high])),
    areRead: async (group) => (await view.assigned(group))?.size === topics.length * PARTITIONS,
    close: async () => {
      await Promise.all([producer.close(), view.close()]);
      client.hangUp();
    },
  };
}

/** The partition that an alert belongs to: an object's alerts are all in one, so that they keep their order. */
export function partitionOf(topic: string, { objectId }: Pick<SimulatedAlert, 'objectId'>): string {
  return partitionKey(topic, numberOf(objectId));
}

function messageOf({ packet, objectId, jd }: SimulatedAlert): OutgoingMessage {
  // The partition is what the key asks for, chosen here: whoever goes on with a night has to know what is there already.
  return { value: packet, key: objectId, partition: numberOf(objectId), timeMs: unixMsOfJd(jd) };
}

function numberOf(objectId: string): number {
  return Number.parseInt(contentHash(objectId).slice(0, 8), 16) % PARTITIONS;
}

function noSecret(name: string): never {
  throw new Error(`a broker of the demo's own asks for no secret, but one is wanted: ${name}`);
}
