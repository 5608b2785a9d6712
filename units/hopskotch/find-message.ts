import { randomUUID } from 'node:crypto';
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { TryAgain } from '../define.js';
import { withKafka, type KafkaAccess } from './kafka-client.js';
import { kafkaFailure } from './kafka-failure.js';
import type { Place } from './publish.js';

/** What is looked for. */
export interface Sought {
  readonly topic: string;
  /** What the name of the consumer group begins with. */
  readonly group: string;
  /** Content of the header `_id`. */
  readonly id: Buffer;
  /** Nothing before it is looked at. */
  readonly from: Date;
}

/** More are not read. */
const MAX_MESSAGES = 20_000;
/** A group that is not left ends by itself, later. */
const GOODBYE_MS = 2_000;

/** The client says only that it has found no coordinator. */
const NOT_OF_THE_GROUP = 'GROUP_AUTHORIZATION_FAILED';
/** Who may not read, and what cannot be read. */
const CANNOT_TELL = ['TOPIC_AUTHORIZATION_FAILED', NOT_OF_THE_GROUP, 'UNKNOWN_TOPIC_OR_PARTITION'];

/** A part of a partition: offsets from `begin` up to before `end`. */
interface Stretch {
  readonly begin: bigint;
  readonly end: bigint;
}
type Stretches = ReadonlyMap<number, Stretch>;

/**
 * Reads the topic from that time to where it ends now. `cannot tell` where the user may not read it, or where it holds too much.
 * Throws where the brokers are not reached, to be tried again.
 */
export async function findMessage(access: KafkaAccess, sought: Sought): Promise<Place | 'not there' | 'cannot tell'> {
  const heard: string[] = [];
  const look = async (kafka: Kafka): Promise<Place | 'not there' | 'cannot tell'> => {
    const stretches = await stretchesSince(kafka, sought);
    const count = [...stretches.values()].reduce((sum, { begin, end }) => sum + (end - begin), 0n);
    if (count === 0n) return 'not there';
    return count > MAX_MESSAGES ? 'cannot tell' : await lookThrough(kafka, sought, stretches);
  };
  try {
    return await withKafka(access, look, (error) => heard.push(kafkaFailure(error).type));
  } catch (error) {
    const { type, isLogin, text } = kafkaFailure(error, access.login?.password);
    if (CANNOT_TELL.includes(type) || heard.includes(NOT_OF_THE_GROUP)) return 'cannot tell';
    const said = `topic ${sought.topic} at ${access.brokers.join(',')} cannot be read: ${text}`;
    throw isLogin ? new TryAgain(`${said}; is the secret the password of this user?`) : new Error(said);
  }
}

async function stretchesSince(kafka: Kafka, { topic, from }: Sought): Promise<Stretches> {
  const admin = kafka.admin();
  await admin.connect();
  const begins = await admin.fetchTopicOffsetsByTimestamp(topic, from.getTime());
  const ends = await admin.fetchTopicOffsets(topic);
  const beginOf = new Map(begins.map(({ partition, offset }) => [partition, BigInt(offset)]));
  const stretches = ends.map(({ partition, offset, low }): [number, Stretch] => {
    return [partition, { begin: beginOf.get(partition) ?? BigInt(low), end: BigInt(offset) }];
  });
  return new Map(stretches.filter(([, { begin, end }]) => end > begin));
}

async function lookThrough(kafka: Kafka, sought: Sought, stretches: Stretches): Promise<Place | 'not there'> {
  const { topic, group } = sought;
  const consumer = kafka.consumer({
    // Of its own: another look at the same time would take half of the partitions.
    groupId: `${group}-${randomUUID()}`,
    maxWaitTimeInMs: 200,
    // A transaction of somebody else that stays open would hide what comes after it.
    readUncommitted: true,
    retry: { retries: 1, restartOnFailure: () => Promise.resolve(false) },
    allowAutoTopicCreation: false,
  });
  await consumer.connect();
  // From the beginning only until it is told where: what is read before is read again.
  await consumer.subscribe({ topic, fromBeginning: true });
  try {
    return await readTo(consumer, sought, stretches);
  } finally {
    await leave(consumer);
  }
}

function readTo(consumer: Consumer, { topic, id }: Sought, stretches: Stretches): Promise<Place | 'not there'> {
  const left = new Map(stretches);
  return new Promise((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      reject(payload.error);
    });
    const eachBatch = ({ batch }: EachBatchPayload): Promise<void> => {
      const { partition } = batch;
      const found = batch.messages.find(({ headers }) => isSame(headers?.['_id'], id));
      if (found !== undefined) resolve({ topic, partition, offset: found.offset });
      return Promise.resolve();
    };
    // Also of batches that hold no messages but the end of a transaction.
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
      if (BigInt(lastOffset) + 1n >= (left.get(partition)?.end ?? 0n)) left.delete(partition);
      if (left.size === 0) resolve('not there');
    });
    consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    for (const [partition, { begin }] of stretches) consumer.seek({ topic, partition, offset: begin.toString() });
  });
}

type Header = Buffer | string | (Buffer | string)[] | undefined;

function isSame(header: Header, id: Buffer): boolean {
  const [first] = Array.isArray(header) ? header : [header];
  return first !== undefined && id.equals(Buffer.from(first));
}

async function leave(consumer: Consumer): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    late = setTimeout(resolve, GOODBYE_MS);
  });
  await Promise.race([consumer.disconnect().catch(() => undefined), enough]);
  clearTimeout(late);
}
