import kafkajs, { type Message, type Producer, type ProducerRecord } from 'kafkajs';
import { kafkaClient, type Client, type KafkaConnection, type Secrets } from './client.js';
import { KafkaError, kafkaErrorOf } from './kafka-error.js';

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

/** A broker takes a batch of 1 MiB as it comes; all messages of a request for one partition are a batch. */
const REQUEST_BYTES = 900 * 1024;

/** Messages in pieces that a broker takes; one that is larger by itself is a piece of its own. */
function* requests<M extends { readonly value: Buffer }>(messages: readonly M[]): Generator<M[]> {
  let piece: M[] = [];
  let bytes = 0;
  for (const message of messages) {
    if (piece.length > 0 && bytes + message.value.length > REQUEST_BYTES) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(message);
    bytes += message.value.length;
  }
  if (piece.length > 0) yield piece;
}

/** Connects a producer; topics have to exist. Rejects with `KafkaError`. */
export async function kafkaProducer(connection: KafkaConnection, secret: Secrets): Promise<KafkaProducer> {
  const client = await kafkaClient(connection, secret);
  let producer = await connect(client).catch((error: unknown) => {
    client.hangUp();
    throw error;
  });
  const sendOnce = async (topic: string, messages: readonly OutgoingMessage[], packing: Packing): Promise<void> => {
    const record = { topic, acks: -1, compression: PACKINGS[packing], messages: messages.map(toMessage) };
    const where = `writing to topic ${topic} ${client.where}`;
    const left = await write(producer, record).catch((error: unknown) => {
      const failure = kafkaErrorOf(error, where);
      if (failure.kind !== 'topic') throw failure;
      return record.messages;
    });
    if (left.length === 0) return;
    // The client asks for all topics that it ever wrote to at once, so that one that was deleted spoils the others;
    // and it knows the partitions of a few minutes ago.
    const fresh = await connect(client);
    await disconnect(producer);
    producer = fresh;
    const lost = await write(producer, { ...record, messages: left }).catch((error: unknown) => {
      throw kafkaErrorOf(error, where);
    });
    if (lost.length > 0) throw new KafkaError('topic', `${where}: it has no partition ${lost[0]?.partition ?? ''}`);
  };
  return {
    async send(topic, messages, packing = 'none') {
      // One after the other, so that messages of one key keep their order.
      for (const request of requests(messages)) await sendOnce(topic, request, packing);
    },
    async close() {
      await disconnect(producer);
      client.hangUp();
    },
  };
}

/** Answers with the messages that the client has left out without a word: those for partitions it does not know. */
async function write(producer: Producer, record: ProducerRecord): Promise<Message[]> {
  const written = new Set((await producer.send(record)).map(({ partition }) => partition));
  return record.messages.filter(({ partition }) => partition !== undefined && !written.has(partition));
}

async function connect({ kafka, where }: Client): Promise<Producer> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  try {
    await producer.connect();
    return producer;
  } catch (error) {
    await disconnect(producer);
    throw kafkaErrorOf(error, `writing ${where}`);
  }
}

async function disconnect(producer: Producer): Promise<void> {
  await producer.disconnect().catch(() => undefined);
}

function toMessage({ value, key, partition, timeMs }: OutgoingMessage): Message {
  return {
    value,
    ...(key !== undefined && { key }),
    ...(partition !== undefined && { partition }),
    ...(timeMs !== undefined && { timestamp: String(timeMs) }),
  };
}
