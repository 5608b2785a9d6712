import { contentHash } from '../../model/content-hash.js';
import type { KafkaSource } from '../../model/kafka-source.js';
import type { StreamRequest } from '../../model/stream.js';
import { KafkaError } from '../../streams/kafka/kafka-error.js';
import { CliError } from '../cli-error.js';
import { counted } from '../counted.js';
import { poll } from '../poll.js';
import type { Broker } from './broker.js';
import type { DemoInput, DemoTools, WhatWasRead } from './demo-input.js';
import { observedNights, planNights, type NightsOptions, type PlannedNight } from './nights.js';
import { NIGHT_TOPICS, nightTopic, openNightTopics, PARTITIONS, type NightTopics } from './night-topics.js';
import { Pace } from './pace.js';
import { playNights } from './play-nights.js';
import { BATCH_SIZE, runStream, startStream } from './run-stream.js';
import type { Sighting } from './score.js';

export interface LiveOptions extends NightsOptions {
  /** Alerts a second; 0 for as fast as it goes. */
  readonly rate: number;
}

/** Two, so that it can be seen how readers share the partitions. */
const READERS = 2;
/** Readers join within a second or two; later ones catch up. */
const READY_WITHIN_MS = 15_000;

/** Simulated nights that are played into topics of Kafka at `brokers` while a stream reads them. */
export function liveInput(options: LiveOptions, brokers: readonly string[]): DemoInput {
  const { nights, seed, alertsPerNight, rate } = options;
  const streamName = `demo-kafka-${contentHash({ nights, seed, alertsPerNight }).slice(0, 8)}`;
  const source: KafkaSource = {
    ...{ kind: 'kafka', brokers, topics: [NIGHT_TOPICS], group: `ampel-${streamName}`, startAt: 'earliest' },
  };
  return {
    streamName,
    isSimulated: true,
    async read(broker, survey, tools) {
      const plan = plannedNights(options);
      const alerts = plan.reduce((sum, { alertCount }) => sum + alertCount, 0);
      const speed = rate === 0 ? 'full speed' : `${rate}/s`;
      tools.steps.begin(
        'stream',
        `playing ${counted(alerts, 'alert')} into Kafka at ${speed}, as stream ${streamName}`,
      );
      const request: StreamRequest = {
        ...{ name: streamName, survey, source, clock: 'stream', batchSize: BATCH_SIZE, readers: READERS },
      };
      try {
        return await playAndRead(broker, request, { options, plan, brokers, source }, tools);
      } catch (error) {
        throw error instanceof KafkaError ? new CliError(error.message, 4) : error;
      }
    },
  };
}

function plannedNights(options: NightsOptions): PlannedNight[] {
  try {
    return planNights(options);
  } catch (error) {
    throw error instanceof RangeError ? new CliError(error.message, 2, 'See ampel demo --help.') : error;
  }
}

interface Live {
  readonly options: LiveOptions;
  readonly plan: readonly PlannedNight[];
  readonly brokers: readonly string[];
  readonly source: KafkaSource;
}

async function playAndRead(
  broker: Broker,
  request: StreamRequest,
  { options, plan, brokers, source }: Live,
  { endings, steps }: DemoTools,
): Promise<WhatWasRead> {
  const names = plan.map(({ date }) => nightTopic(date));
  // All of them now: a reader looks for new ones once a minute.
  const topics = await openNightTopics(brokers, names);
  endings.add(() => topics.close());
  const writtenBefore = [...(await topics.ends(names)).values()].reduce((sum, end) => sum + end, 0);
  const summary = `${counted(plan.length, 'night')} of ${request.survey} as they are played`;
  const stream = await startStream(broker, request, summary, endings);
  await readersOf(topics, source.group);
  const sightings = new Map<string, Sighting>();
  const calledOff = new AbortController();
  const line = steps.live();
  const playing = playNights(
    {
      ...{ nights: observedNights(options, sightings), of: plan.length, topics, pace: new Pace(options.rate) },
      ...{ stream, streamName: request.name, store: broker.store, line, signal: calledOff.signal },
    },
    writtenBefore,
  );
  // Before the stream and its topics are closed.
  endings.add(async () => {
    calledOff.abort();
    await playing.catch(() => undefined);
  });
  const totals = await playing;
  line.end();
  await stream.stop();
  // Once more, to an end: what is due by the stream's last alert is to be done, as at the end of an archive.
  await runStream(
    broker,
    { ...request, source: { ...source, until: 'end' } },
    { summary: `${summary}, to their end` },
    endings,
  );
  const kafka = totals.figures({ topics: names.length, partitions: PARTITIONS, readers: READERS });
  return { sightings: [...sightings.values()], kafka };
}

/** Waits for the readers, so that the time they need for joining does not look like lag. */
async function readersOf(topics: NightTopics, group: string): Promise<void> {
  await poll(async () => ((await topics.areRead(group)) ? true : undefined), READY_WITHIN_MS);
}
