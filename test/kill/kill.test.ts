import { itLeavesNoTrace } from './ordeal-claims.js';
import { killPlan } from './kill-plan.js';
import { runOrdeal, type Ordeal } from './ordeal.js';

const LIMIT_MS = 20 * 60_000;

describe.each([1, 2])('a survey of three nights with processes killed again and again, plan %i', (seed) => {
  let ordeal: Ordeal;

  beforeAll(async () => {
    ordeal = await runOrdeal({
      survey: { seed: 20181106, nights: 3, alertsPerNight: 3_000, cadenceDays: 1, fields: 20 },
      channel: { cuts: { max_tspan: 10 }, slow: true },
      plan: killPlan(seed, { rounds: 3, pairs: true }),
      limitMs: LIMIT_MS,
      report: (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`),
    });
  }, 3 * LIMIT_MS);

  itLeavesNoTrace(() => ordeal);
});
