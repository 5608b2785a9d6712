import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReactionDocument } from '../../store/documents.js';
import type { SurveyOptions } from '../../streams/simulation/options.js';
import { bookkeepingOf, type Bookkeeping } from './bookkeeping.js';
import { brokerIn, type RestartableBroker } from './broker-child.js';
import { watchfulChannel, type ChannelChanges } from './channel.js';
import { installOn } from './kafka-harness.js';
import type { KafkaBlow } from './kafka-plan.js';
import { startReceiver } from './receiver.js';
import type { RunEnd } from './run-nights.js';
import { runTopic, topicSteps, type TopicRun } from './run-topic.js';
import { takeSnapshot, type Snapshot } from './snapshot.js';
import { playSurvey, type PlayedTopic } from './topic.js';

/** What a run left behind. */
export interface KafkaAftermath extends RunEnd {
  /** Without what is cut by chance into batches: that is in the books. */
  readonly snapshot: Snapshot;
  readonly books: Bookkeeping;
  readonly steps: number;
  readonly reactions: readonly ReactionDocument[];
  /** What the receiver was sent: bodies by idempotency key. */
  readonly deliveries: ReadonlyMap<string, readonly string[]>;
}

export interface KafkaOrdeal {
  readonly topic: PlayedTopic;
  readonly undisturbed: KafkaAftermath;
  readonly disturbed: KafkaAftermath;
}

export interface KafkaOrdealOptions {
  readonly survey: SurveyOptions;
  readonly channels: readonly ChannelChanges[];
  readonly plan: readonly KafkaBlow[];
  readonly batchSize: number;
  /** For each of the two runs. */
  readonly limitMs: number;
  readonly report?: (line: string) => void;
}

/**
 * Plays a survey into a topic and reads it twice, each time with Temporal, MongoDB and workers of its own: once in peace
 * and once with processes killed and paused, the broker among them.
 */
export async function runKafkaOrdeal(options: KafkaOrdealOptions): Promise<KafkaOrdeal> {
  const { survey, channels, plan, report = () => undefined } = options;
  const folder = await mkdtemp(join(tmpdir(), 'ampel-topic-'));
  const broker = await brokerIn(folder);
  const receiver = await startReceiver();
  try {
    const topic = await playInto(broker, survey);
    report(`${topic.alerts} alerts and ${topic.damaged} damaged messages in ${topic.partitions} partitions`);
    const revisions = await Promise.all(channels.map((changes) => watchfulChannel(changes, receiver.url)));
    const run = async (group: string, blows?: TopicRun['blows']): Promise<KafkaAftermath> => {
      receiver.forget();
      const startMs = Date.now();
      const end = await readThrough(options, broker, {
        ...{ broker: broker.address, topic: topic.name, group, channels: revisions, report },
        ...{ batchSize: options.batchSize, ...(blows && { blows }) },
      });
      report(`${group}: ${((Date.now() - startMs) / 1000).toFixed(0)} s, ${end.steps} steps`);
      return { ...end, deliveries: new Map(receiver.deliveries) };
    };
    const undisturbed = await run('in-peace');
    return { topic, undisturbed, disturbed: await run('disturbed', { plan, steps: undisturbed.steps }) };
  } finally {
    await receiver.close();
    await broker.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function playInto(broker: RestartableBroker, survey: SurveyOptions): Promise<PlayedTopic> {
  const running = await broker.start();
  try {
    return await playSurvey(broker.address, survey);
  } finally {
    await running.kill();
  }
}

/** What is cut by chance. */
const BATCHES: readonly string[] = ['receipts', 'receiptFilters', 'screenings'];
/** The stream's document: its group, and what its readers had to tell. */
const OF_THE_RUN = ['source', 'notices'];

async function readThrough(
  { limitMs }: KafkaOrdealOptions,
  broker: RestartableBroker,
  run: TopicRun,
): Promise<Omit<KafkaAftermath, 'deliveries'>> {
  const installation = await installOn(broker, limitMs);
  try {
    const end = await runTopic(installation, run);
    const { store, services } = installation;
    const everything = await takeSnapshot(services.mongodb, OF_THE_RUN);
    const names = run.channels.map(({ channel }) => channel.name);
    return {
      ...end,
      snapshot: new Map([...everything].filter(([name]) => !BATCHES.includes(name))),
      books: await bookkeepingOf(store, names),
      steps: await topicSteps(installation),
      reactions: await store.reactions.find().toArray(),
    };
  } finally {
    await installation.close();
  }
}
