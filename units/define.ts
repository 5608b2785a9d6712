import type { z } from 'zod';
import type { FilterInput } from '../model/alert.js';
import type { Json } from '../model/canonical-json.js';
import type { Verdict } from '../model/decision.js';
import type { LightCurve } from '../model/light-curve.js';
import type { Occasion } from '../model/occasion.js';

/** A strict object schema: a misspelt key is an error, not a silent default. */
export type ConfigSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>;

interface UnitFacts<Config extends ConfigSchema> {
  /** The name channels use; the file is named after it in kebab case. */
  readonly name: string;
  /** Version of the science: a new one when the same input may give another output. */
  readonly version: string;
  /** One sentence for `ampel unit list` and the docs. */
  readonly summary: string;
  readonly config: Config;
}

/** T0: does a channel want this alert? */
export interface FilterUnit<Config extends ConfigSchema = ConfigSchema> extends UnitFacts<Config> {
  readonly tier: 't0';
  /** Surveys whose fields it reads; of all where it names none. */
  readonly surveys?: readonly string[];
  /** Fields of the alert that `run` reads; the screen decodes nothing else. */
  readonly reads: {
    readonly candidate: readonly string[];
    readonly history: readonly string[];
  };
  /** Every reason a rejection can carry, with what it means. */
  readonly reasons: Readonly<Record<string, string>>;
  run(input: FilterInput, config: z.output<Config>): Verdict;
}

/** T2: what do the data say? Computed from the light curve of one state. */
export interface T2Unit<
  Config extends ConfigSchema = ConfigSchema,
  Result extends z.ZodType<Json> = z.ZodType<Json>,
> extends UnitFacts<Config> {
  readonly tier: 't2';
  readonly input: 'lightCurve';
  /** `light`: well under a millisecond, computed beside the decision. `heavy`: an activity of its own. */
  readonly cost: 'light' | 'heavy';
  readonly result: Result;
  run(input: LightCurve, config: z.output<Config>): z.output<Result>;
}

/** The clients a T3 unit may use, handed in by the worker. */
export interface Clients {
  readonly fetch: typeof fetch;
  /** Resolves a secret by name; throws with the name, never the value, where there is none. */
  secret(name: string): string;
}

/** What a receiver answered, short enough for a document. */
export interface Answer {
  readonly status: string;
  readonly detail?: string;
}

/** T3: who is told? `compose` is pure, `send` talks to the receiver. */
export interface T3Unit<Config extends ConfigSchema = ConfigSchema> extends UnitFacts<Config> {
  readonly tier: 't3';
  compose(occasion: Occasion, config: z.output<Config>): Json;
  /**
   * Sends the message once. Throws `ReactionRefused` where the receiver will never take it; any other error is
   * tried again with the same `key`.
   */
  send(message: Json, key: string, config: z.output<Config>, clients: Clients): Promise<Answer>;
}

/** The receiver said no for good: trying again cannot help. */
export class ReactionRefused extends Error {
  override readonly name = 'ReactionRefused';
}

export type Unit = FilterUnit | T2Unit | T3Unit;

/** Declares a filter. See `units/t0/decent-filter.ts` for one with every part. */
export function defineFilter<Config extends ConfigSchema>(unit: Omit<FilterUnit<Config>, 'tier'>): FilterUnit<Config> {
  return { ...unit, tier: 't0' };
}

/** Declares a T2 unit. See `units/t2/t2-light-curve-summary.ts`. */
export function defineT2<Config extends ConfigSchema, Result extends z.ZodType<Json>>(
  unit: Omit<T2Unit<Config, Result>, 'tier'>,
): T2Unit<Config, Result> {
  return { ...unit, tier: 't2' };
}

/** Declares a T3 unit. See `units/t3/webhook-reaction.ts`. */
export function defineT3<Config extends ConfigSchema>(unit: Omit<T3Unit<Config>, 'tier'>): T3Unit<Config> {
  return { ...unit, tier: 't3' };
}
