import type { ReactionRule } from '../model/channel.js';
import type { Condition } from '../model/condition.js';
import { ExpressionProblem } from '../units/expression/problem.js';
import { compileResultExpression } from '../units/expression/result-expression.js';
import { shapeOf, type ResultShape } from '../units/expression/result-fields.js';
import { isMapping, type KnownUnits, type Report } from './check-units.js';
import { TRIGGERS } from './rule-file.js';

/** What starts a rule and what calls it off, where they are words or expressions. */
export type RuleConditions = Partial<Pick<ReactionRule, 'when' | 'unless'>>;

/**
 * The expressions of rules, ready for the channel; empty where one is wrong, which is reported. They read what the units of
 * `t2` give.
 */
export function checkConditions(
  rules: readonly unknown[],
  t2: readonly unknown[],
  known: KnownUnits,
  report: Report,
): RuleConditions[] {
  const shapes = shapesOf(t2, known);
  return rules.map((rule, index) => {
    if (!isMapping(rule)) return {};
    checkCombination(rule, index, report);
    const { when, unless } = rule;
    const condition = (key: string, text: string, words: readonly string[]): Condition | undefined =>
      conditionOf(text, shapes, words, (message) => {
        report(['t3', index, key], message);
      });
    const started =
      TRIGGERS.find((word) => word === when) ?? textThen(when, (text) => condition('when', text, TRIGGERS));
    const off = unless === 'detection' ? unless : textThen(unless, (text) => condition('unless', text, ['detection']));
    return { ...(started !== undefined && { when: started }), ...(off !== undefined && { unless: off }) };
  });
}

/** By unit of the channel: what it gives. */
export function shapesOf(t2: readonly unknown[], known: KnownUnits): ReadonlyMap<string, ResultShape> {
  const names = t2.flatMap((use) => (isMapping(use) && typeof use['unit'] === 'string' ? [use['unit']] : []));
  const units = known.all().filter(({ tier, name }) => tier === 't2' && names.includes(name));
  return new Map(units.flatMap((unit) => (unit.tier === 't2' ? [[unit.name, shapeOf(unit.result)]] : [])));
}

function textThen<Made>(value: unknown, make: (text: string) => Made | undefined): Made | undefined {
  // A lone word is none: the schema says so.
  return typeof value === 'string' && value.includes('.') ? make(value) : undefined;
}

/** An expression over results, or undefined where it is refused. `words` are what else may stand there. */
export function conditionOf(
  text: string,
  shapes: ReadonlyMap<string, ResultShape>,
  words: readonly string[],
  refuse: (message: string) => void,
): Condition | undefined {
  try {
    const { units } = compileResultExpression(text, shapes, words);
    return { holds: text, units };
  } catch (error) {
    if (!(error instanceof ExpressionProblem)) throw error;
    refuse(`${error.message} (character ${error.start + 1} of the expression)`);
    return undefined;
  }
}

/** What one key of a rule makes of no use in another. */
function checkCombination(rule: Readonly<Record<string, unknown>>, index: number, report: Report): void {
  const { when, after, within, unless, atMost, requires, approvalWithin } = rule;
  const refuse = (key: string, message: string): void => {
    report(['t3', index, key], message);
  };
  if (unless === 'detection' && after === undefined) {
    refuse('unless', 'found unless without after, expected a wait that can be called off: after: 3 nights');
  }
  if (when === 'accepted' && within !== undefined)
    refuse('within', 'found within, but accepted is the first alert itself');
  if (when === 'accepted' && atMost !== undefined)
    refuse('atMost', 'found atMost, but an object is accepted first only once');
  if (requires === undefined && approvalWithin !== undefined) {
    refuse('approvalWithin', 'found approvalWithin without requires, expected requires: approval');
  }
}
