import kafkajs from 'kafkajs';
import { kafkaClient, type KafkaConnection, type Secrets } from './client.js';
import { kafkaErrorOf } from './kafka-error.js';

/** A message to be written. */
export interface OutgoingMessage {
  readonly value: Buffer;
  /** Messages of one key keep their order: they go to one partition. */
  readonly key?: string;
  /** Otherwise chosen by the key. */
  readonly partition?: number;
  /** When it happened, in milliseconds since 1970; otherwise now. */
  readonly timeMs?: number;
}

export interface KafkaProducer {
  /** Resolves when all replicas have the messages. Rejects with `KafkaError`. */
  send(topic: string, messages: readonly OutgoingMessage[], packing?: Packing): Promise<void>;
  close(): Promise<void>;
}

/** How messages are packed on their way. */
export type Packing = keyof typeof PACKINGS;

const { CompressionTypes, Partitioners } = kafkajs;
const PACKINGS = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
} as const;

/** Connects a producer; topics have to exist. Rejects with `KafkaError`. */
export async function kafkaProducer(connection: KafkaConnection, secret: Secrets): Promise<KafkaProducer> {
  const client = await kafkaClient(connection, secret);
  const producer = client.kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  const close = async (): Promise<void> => {
    await producer.disconnect().catch(() => undefined);
    client.hangUp();
  };
  try {
    await producer.connect();
  } catch (error) {
    await close();
    throw kafkaErrorOf(error, `writing ${client.where}`);
  }
  return {
    async send(topic, messages, packing = 'none') {
      const outgoing = messages.map(({ value, key, partition, timeMs }) => ({
        value,
        ...(key !== undefined && { key }),
        ...(partition !== undefined && { partition }),
        ...(timeMs !== undefined && { timestamp: String(timeMs) }),
      }));
      try {
        await producer.send({ topic, messages: outgoing, acks: -1, compression: PACKINGS[packing] });
      } catch (error) {
        throw kafkaErrorOf(error, `writing to topic ${topic} ${client.where}`);
      }
    },
    close,
  };
}
