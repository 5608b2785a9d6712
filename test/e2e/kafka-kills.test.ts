import { describeWithJava } from '../kafka/describe-with-java.js';
import { itLosesNothing } from '../kill/kafka-ordeal-claims.js';
import { runKafkaOrdeal, type KafkaOrdeal } from '../kill/kafka-ordeal.js';
import { kafkaPlan } from '../kill/kafka-plan.js';

const LIMIT_MS = 5 * 60_000;

/** The short form of test/kill/kafka-kill.test.ts. */
describeWithJava('a short survey through Kafka with readers, workers, servers and the broker killed once each', () => {
  let ordeal: KafkaOrdeal;

  beforeAll(async () => {
    ordeal = await runKafkaOrdeal({
      survey: { seed: 20181106, nights: 2, alertsPerNight: 350, cadenceDays: 1, fields: 6 },
      channels: [{ cuts: { min_ndet: 1, max_tspan: 30 }, slow: false }],
      plan: kafkaPlan(1, { rounds: 1, pairs: false, pausesMs: [17_000], absencesMs: [] }),
      batchSize: 10,
      limitMs: LIMIT_MS,
    });
  }, 3 * LIMIT_MS);

  itLosesNothing(() => ordeal);
});
