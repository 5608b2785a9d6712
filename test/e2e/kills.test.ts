import { itLeavesNoTrace } from '../kill/ordeal-claims.js';
import { killPlan } from '../kill/kill-plan.js';
import { runOrdeal, type Ordeal } from '../kill/ordeal.js';

const LIMIT_MS = 5 * 60_000;

/** The short form of test/kill: `npm run test:kill` has three nights and many rounds. */
describe('a short survey with ingest, workers, Temporal and MongoDB killed once each', () => {
  let ordeal: Ordeal;

  beforeAll(async () => {
    ordeal = await runOrdeal({
      survey: { seed: 20181106, nights: 2, alertsPerNight: 600, cadenceDays: 1, fields: 6 },
      channel: { cuts: { min_ndet: 1, max_tspan: 30 }, slow: false },
      plan: killPlan(1, { rounds: 1, pairs: false }),
      limitMs: LIMIT_MS,
    });
  }, 3 * LIMIT_MS);

  itLeavesNoTrace(() => ordeal);
});
