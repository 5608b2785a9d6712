import { kafkaSource } from '../../streams/kafka/source.js';
import { startBrokerRig, type BrokerRig } from '../kafka/broker-rig.js';
import { describeWithJava } from '../kafka/describe-with-java.js';
import { spawnDoomedReader } from '../kafka/doomed-reader.js';
import { sourceContract } from '../kafka/source-contract.js';
import type { SourceRig } from '../kafka/source-rig.js';

const FETCH_BYTES = 1_000_000;

const tuning = {
  sessionTimeoutMs: 2_000,
  heartbeatMs: 200,
  rebalanceTimeoutMs: 10_000,
  maxBytes: FETCH_BYTES,
  maxBytesPerPartition: FETCH_BYTES / 2,
  topicRefreshMs: 500,
  retryMs: 100,
};

describeWithJava('alerts from a Kafka broker', () => {
  let broker: BrokerRig;
  let rig: SourceRig;

  beforeAll(async () => {
    broker = await startBrokerRig();
    rig = {
      ...broker,
      fetchBytes: FETCH_BYTES,
      open: ({
        index = 0,
        of = 1,
        takeOver = () => Promise.resolve(new Map()),
        release = () => Promise.resolve(),
        onNotice,
        ...source
      }) =>
        kafkaSource(
          { kind: 'kafka', brokers: broker.brokers, ...source },
          {
            ...{ owner: { takeOver, release }, reader: { index, of }, secret: () => '', tuning },
            onNotice: (notice) => onNotice?.(notice.message),
          },
        ),
      spawnReader: ({ topics, group, startAt, index = 0, of = 1 }, acknowledgeCount) =>
        spawnDoomedReader({
          spec: { kind: 'kafka', brokers: broker.brokers, topics, group, startAt },
          reader: { index, of },
          // One batch holds few alerts, so that several are under way.
          tuning: { ...tuning, maxBytesPerPartition: 500 },
          acknowledgeCount,
        }),
    };
  });

  afterAll(() => broker.close());

  sourceContract(() => rig);
});
