import { describeWithJava } from '../kafka/describe-with-java.js';
import { itLosesNothing } from './kafka-ordeal-claims.js';
import { runKafkaOrdeal, type KafkaOrdeal } from './kafka-ordeal.js';
import { kafkaPlan } from './kafka-plan.js';

const LIMIT_MS = 50 * 60_000;
/** Longer than Temporal waits for a reader's sign, and than its group does. */
const PAUSES_MS = [20_000, 40_000, 25_000];
/** A restart, and longer than a reader waits for its brokers. */
const ABSENCES_MS = [20_000, 330_000];

/** Needs 4 GB on the disk while it runs. */
describeWithJava('100,000 alerts through Kafka with readers, workers, servers and the broker killed and paused', () => {
  let ordeal: KafkaOrdeal;

  beforeAll(async () => {
    ordeal = await runKafkaOrdeal({
      survey: { seed: 20181106, nights: 5, alertsPerNight: 20_000, cadenceDays: 1, fields: 60 },
      channels: [
        { cuts: { max_tspan: 10 }, slow: true },
        { cuts: { max_tspan: 10, min_ndet: 4, min_rb: 0.6 }, slow: false, name: 'HU_STRICT' },
      ],
      plan: kafkaPlan(2, { rounds: 3, pairs: true, pausesMs: PAUSES_MS, absencesMs: ABSENCES_MS }),
      batchSize: 100,
      limitMs: LIMIT_MS,
      report: (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`),
    });
  }, 3 * LIMIT_MS);

  itLosesNothing(() => ordeal);
});
