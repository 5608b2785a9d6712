import type { Message, Producer } from 'kafkajs';
import { ReactionRefused, TryAgain } from '../define.js';
import { withKafka, type KafkaAccess } from './kafka-client.js';
import { kafkaFailure } from './kafka-failure.js';

/** Where a message stands. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  /** Decimal. */
  readonly offset: string;
}

/** How far an attempt has come: nothing is written before the partition is chosen. */
type Stage = 'before' | 'may be written' | 'answered';

const PRODUCE = 'Produce';

/**
 * Writes one message once, and waits until all replicas have it. Throws `TryAgain` where it is surely not in the topic and may be
 * later, `ReactionRefused` where the brokers say no for good. After any other error nobody knows.
 */
export async function publish(access: KafkaAccess, topic: string, message: Message): Promise<Place> {
  let stage: Stage = 'before';
  try {
    return await withKafka(access, async (kafka) => {
      const { Partitioners } = (await import('kafkajs')).default;
      const choose = Partitioners.DefaultPartitioner();
      const producer = kafka.producer({
        createPartitioner: () => (choice) => {
          stage = 'may be written';
          return choose(choice);
        },
        // The client's own tries would write it twice where only the answer is lost; ours look first.
        retry: { retries: 0 },
        allowAutoTopicCreation: false,
      });
      producer.on(producer.events.REQUEST, ({ payload }) => {
        if (payload.apiName === PRODUCE) stage = 'answered';
      });
      await producer.connect();
      return await written(producer, topic, message);
    });
  } catch (error) {
    throw judged(error, stage, { access, topic, bytes: message.value?.length ?? 0 });
  }
}

async function written(producer: Producer, topic: string, message: Message): Promise<Place> {
  const [place] = await producer.send({ topic, acks: -1, messages: [message] });
  if (place?.baseOffset === undefined) throw new Error('the brokers do not say where the message is');
  return { topic, partition: place.partition, offset: place.baseOffset };
}

interface Attempt {
  readonly access: KafkaAccess;
  readonly topic: string;
  readonly bytes: number;
}

/** What will be the same tomorrow, and what to do about it. */
function adviceOn(type: string, { topic, bytes }: Attempt): string | undefined {
  switch (type) {
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'INVALID_TOPIC_EXCEPTION':
      return `is there a topic ${topic}, and may this user see it?`;
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
      return `give this user the right to write to ${topic}`;
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      return `it has ${bytes} bytes, more than ${topic} takes: raise its max.message.bytes, or let t1 leave out points`;
    case 'INVALID_RECORD':
    case 'POLICY_VIOLATION':
    case 'INVALID_TIMESTAMP':
      return `${topic} does not take such messages`;
    default:
      return undefined;
  }
}

/** Said before anything is appended to the partition. */
const NOT_APPENDED = [
  ...['NOT_LEADER_FOR_PARTITION', 'LEADER_NOT_AVAILABLE', 'REPLICA_NOT_AVAILABLE', 'NOT_ENOUGH_REPLICAS'],
  ...['FENCED_LEADER_EPOCH', 'UNKNOWN_LEADER_EPOCH', 'CORRUPT_MESSAGE'],
];

function judged(error: unknown, stage: Stage, attempt: Attempt): Error {
  const { access, topic } = attempt;
  const { type, isLogin, text } = kafkaFailure(error, access.login?.password);
  const said = `topic ${topic} at ${access.brokers.join(',')}: ${text}`;
  // An answer to something else, when the one to the message is missing.
  if (stage === 'may be written') return new Error(`${said}; it may have been published`);
  if (isLogin) {
    return new ReactionRefused(`${said}; is the secret the password of user ${access.login?.username ?? '(none)'}?`);
  }
  const advice = adviceOn(type, attempt);
  if (advice !== undefined) return new ReactionRefused(`${said}; ${advice}`);
  return stage === 'before' || NOT_APPENDED.includes(type) ? new TryAgain(said) : new Error(said);
}
