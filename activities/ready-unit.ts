import type { Json } from '../model/canonical-json.js';
import type { NeedUse, T2Use } from '../model/channel.js';
import type { NeededResults, T2Inputs, T2Kind, T2Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { NO_CLIENTS } from '../units/no-clients.js';
import { checkedResult } from '../units/run-t2.js';

/** A T2 unit of a channel, ready to run. */
export interface ReadyUnit {
  /** With the version of the unit of this build, which is the one that computes, and those of what it needs. */
  readonly use: T2Use;
  /** Undefined where this build has no such unit, or the unit does not take this config any more. */
  readonly unit?: T2Unit;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Why there is none. */
  readonly problem?: string;
  readonly kind: T2Kind;
  readonly cost: T2Unit['cost'];
  readonly surveys?: readonly string[];
}

/** Binds a T2 unit. One that cannot be used is kept with the reason, to fail where its result would be. */
export function readyUnit(use: T2Use, registry: Registry): ReadyUnit {
  let unit: T2Unit;
  try {
    unit = registry.t2(use.unit);
  } catch (error) {
    return { use, problem: messageOf(error), kind: 'lightCurve', cost: 'heavy' };
  }
  const { input: kind, cost, surveys } = unit;
  const needs = use.needs?.map((need) => needOfThisBuild(need, registry));
  const ofThisBuild = { ...use, version: unit.version, ...(needs && { needs }) };
  const facts = { use: ofThisBuild, kind, cost, ...(surveys && { surveys }) };
  const config = unit.config.safeParse(use.config);
  if (config.success) return { ...facts, unit, config: config.data };
  return {
    ...facts,
    problem: `its config does not fit version ${unit.version}: ${config.error.issues[0]?.message ?? ''}`,
  };
}

/** What a light unit gives, checked. Throws what the unit throws, and where it gives another result than it declares. */
export function runLight(ready: ReadyUnit, input: T2Inputs[T2Kind], needed: NeededResults): Json {
  const { unit, config, problem } = ready;
  if (unit === undefined || config === undefined) throw new Error(problem);
  return checkedResult(unit, unit.run(input, config, needed, NO_CLIENTS));
}

/** True of a unit that looks at results of several states. */
export function comparesStates({ use }: Pick<ReadyUnit, 'use'>): boolean {
  return use.needs?.some(({ of }) => of === 'states') === true;
}

/** For a state that was made in retrospect, which is in no row of accepted states: without units that compare states. */
export function withoutComparisons(units: readonly ReadyUnit[]): ReadyUnit[] {
  let left = units.filter((unit) => !comparesStates(unit));
  for (let before = units.length; left.length < before;) {
    before = left.length;
    const names = new Set(left.map(({ use }) => use.unit));
    left = left.filter(({ use }) => use.needs?.every(({ unit }) => names.has(unit)) !== false);
  }
  return left;
}

function needOfThisBuild(need: NeedUse, registry: Registry): NeedUse {
  const needed = t2IfAny(need.unit, registry);
  if (needed === undefined) return need;
  const on = [...new Set(builtOn(needed, registry))].sort();
  return { ...need, version: needed.version, ...(on.length > 0 && { on }) };
}

/** The channel's check has made sure that this ends. */
function builtOn({ needs = [] }: T2Unit, registry: Registry): string[] {
  return needs.flatMap(({ unit }) => {
    const needed = t2IfAny(unit, registry);
    return needed === undefined ? [] : [`${unit}@${needed.version}`, ...builtOn(needed, registry)];
  });
}

function t2IfAny(name: string, registry: Registry): T2Unit | undefined {
  try {
    return registry.t2(name);
  } catch {
    return undefined;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
