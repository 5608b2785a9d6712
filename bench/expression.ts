import { join } from 'node:path';
import type { FilterInput } from '../model/alert.js';
import type { Json } from '../model/canonical-json.js';
import type { Verdict } from '../model/decision.js';
import { readArchive } from '../streams/archive/archive.js';
import { isBad } from '../streams/packet.js';
import { ztf } from '../streams/ztf/survey.js';
import type { FilterUnit } from '../units/define.js';
import { loadRegistry } from '../units/registry.js';
import { HU_RAPID_CUTS } from './installation.js';

const WARM_UP = 2;
const ROUNDS = 9;
const EVALUATIONS_A_ROUND = 200_000;

/** Cuts as a channel has them; most alerts pass most of them. */
const EXPRESSIONS = {
  fourCuts: 'rb > 0.3 && magpsf < 25 && fid in [1, 2, 3] && nbad >= 0',
  arithmetic: 'jd - jdstarthist > -1 && magpsf - magnr * 0.5 < 20 && elong < 9',
  history: 'magpsf < 25 && history.exists(p, has(p.magpsf) && p.magpsf > magpsf + 5) || true',
} as const;

export type ExpressionResult = Readonly<Record<keyof typeof EXPRESSIONS | 'decentFilter', number>> & {
  readonly alerts: number;
};

/** Evaluations a second of CPU time of a filter in CEL on real alerts, all conditions true, beside DecentFilter on the same. */
export async function expression(report: (line: string) => void): Promise<ExpressionResult> {
  const registry = await loadRegistry();
  const alerts: FilterInput[] = [];
  for await (const packet of readArchive([join(process.env['AMPEL_DATA'] ?? '../shared/data', 'ztf/nights')])) {
    if (isBad(packet)) continue;
    const input = ztf.filterInput(ztf.readAlert(packet), ztf.access);
    if (input !== undefined) alerts.push(input);
  }
  const filter = registry.filter('ExpressionFilter');
  const sides = {
    ...{ fourCuts: bound(filter, { expression: EXPRESSIONS.fourCuts }) },
    ...{ arithmetic: bound(filter, { expression: EXPRESSIONS.arithmetic }) },
    ...{ history: bound(filter, { expression: EXPRESSIONS.history }) },
    decentFilter: bound(registry.filter('DecentFilter'), HU_RAPID_CUTS),
  };
  const rates = Object.fromEntries(
    Object.entries(sides).map(([name, judge]) => {
      const rate = rateOf(judge, alerts);
      report(`${name}: ${rate} evaluations/s of CPU time`);
      return [name, rate];
    }),
  ) as Record<keyof typeof sides, number>;
  return { ...rates, alerts: alerts.length };
}

function bound(filter: FilterUnit, config: Json): (input: FilterInput) => Verdict {
  return filter.bind(filter.config.parse(config), { survey: 'ztf', files: new Map() });
}

function rateOf(judge: (input: FilterInput) => Verdict, alerts: readonly FilterInput[]): number {
  const rates: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const start = process.cpuUsage();
    let done = 0;
    while (done < EVALUATIONS_A_ROUND) {
      for (const alert of alerts) judge(alert);
      done += alerts.length;
    }
    const { user, system } = process.cpuUsage(start);
    if (round >= WARM_UP) rates.push((done * 1e6) / (user + system));
  }
  return Math.round(rates.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0);
}
