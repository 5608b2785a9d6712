import { createTopics } from '../../streams/kafka/create-topics.js';
import { portions } from '../../streams/kafka/portions.js';
import { kafkaProducer, type OutgoingMessage } from '../../streams/kafka/producer.js';
import type { SurveyOptions } from '../../streams/simulation/options.js';
import { simulateSurvey } from '../../streams/simulation/survey.js';
import { damaged } from './nights.js';

/** What was played into a topic. */
export interface PlayedTopic {
  readonly name: string;
  readonly partitions: number;
  readonly alerts: number;
  /** Messages among them that nobody can read. */
  readonly damaged: number;
}

/** One damaged message after so many good ones. */
const DAMAGED_EVERY = 100;
/** Messages that are sent together. */
const SENT_TOGETHER = 200;
const PARTITIONS = 5;
const NAME = 'ztf_20210701_programid1';

const noSecret = (): string => '';

/** Plays a simulated survey into a new topic, keyed by object, with damaged messages among the good ones. */
export async function playSurvey(broker: string, options: SurveyOptions): Promise<PlayedTopic> {
  const connection = { brokers: [broker] };
  await createTopics(connection, [{ name: NAME, partitions: PARTITIONS }], noSecret);
  const producer = await kafkaProducer(connection, noSecret);
  const counts = { alerts: 0, damaged: 0 };
  try {
    for (const messages of portions(messagesOf(options, counts), SENT_TOGETHER)) await producer.send(NAME, messages);
  } finally {
    await producer.close();
  }
  return { name: NAME, partitions: PARTITIONS, ...counts };
}

function* messagesOf(
  options: SurveyOptions,
  counts: { alerts: number; damaged: number },
): Generator<OutgoingMessage, void> {
  for (const night of simulateSurvey({ weather: false, ...options })) {
    for (const { packet, objectId: key } of night.alerts) {
      yield { value: packet, key };
      if (++counts.alerts % DAMAGED_EVERY === 0) yield { value: damaged(packet, counts.damaged++), key };
    }
  }
}
