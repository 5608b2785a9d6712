import type { Channel } from '../model/channel.js';
import type { Condition } from '../model/condition.js';
import { compileResultExpression, type ResultExpression } from '../units/expression/result-expression.js';

/** The expressions of a channel's rules by their text, compiled. */
export type RuleConditions = ReadonlyMap<string, ResultExpression>;

/** They were checked when the channel was: whatever units and keys they name will do. */
export function ruleConditions({ t2, t3, periodic = [] }: Pick<Channel, 't2' | 't3' | 'periodic'>): RuleConditions {
  const units = new Map(t2.map(({ unit }) => [unit, undefined]));
  const written = t3.flatMap(({ when, unless }) => [when, unless].flatMap((one) => (isCondition(one) ? [one] : [])));
  const selected = periodic.flatMap(({ select }) => select.where ?? []);
  return new Map([...written, ...selected].map(({ holds }) => [holds, compileResultExpression(holds, units)]));
}

export function isCondition(one: unknown): one is Condition {
  return typeof one === 'object' && one !== null && 'holds' in one;
}
