import type { z } from 'zod';
import type { AlertContent, FilterInput } from '../model/alert.js';
import type { Json } from '../model/canonical-json.js';
import type { Verdict } from '../model/decision.js';
import type { LightCurve, SingleDatapoint, State, Stock } from '../model/t2-input.js';
import type { Occasion } from '../model/occasion.js';
import type { Population } from '../model/population.js';

/** A strict object schema: a misspelt key is an error, not a silent default. */
export type ConfigSchema = z.ZodObject<z.core.$ZodLooseShape, z.core.$strict>;

/**
 * Which copy of this module has made a unit. Another copy has other classes `BadInput`, `TryAgain` and so on, which would
 * not be known here.
 */
export interface Origin {
  readonly module: string;
}

/** Of whatever copy: what one writes, another can read. */
export const ORIGIN = Symbol.for('ampel-temporal/units');

/** Of the units that this copy makes. */
export const THIS_COPY: Origin = { module: import.meta.url };

interface UnitFacts<Config extends ConfigSchema> {
  /** Where it was declared. */
  readonly [ORIGIN]?: Origin;
  /** The name channels use; the file is named after it in kebab case. */
  readonly name: string;
  /** Version of the science: a new one when the same input may give another output. */
  readonly version: string;
  /** One sentence for `ampel unit list` and the docs. */
  readonly summary: string;
  readonly config: Config;
}

/** Fields of an alert that a filter reads, by the survey's names. */
export interface FilterReads {
  readonly candidate: readonly string[];
  readonly history: readonly string[];
}

/** The content of the files that a filter's config names, by the name that stands there. */
export type FileContents = ReadonlyMap<string, Uint8Array>;

/** What a filter is bound to besides its config. */
export interface FilterContext {
  /** The survey whose alerts it will get. */
  readonly survey: string;
  /** What `files` asked for. */
  readonly files: FileContents;
}

/** A config that its schema lets through and that is of no use all the same: `path` is the place inside the config. */
export class UnfitConfig extends Error {
  override readonly name = 'UnfitConfig';

  constructor(
    readonly path: readonly (string | number)[],
    message: string,
  ) {
    super(message);
  }
}

/** T0: does a channel want this alert? */
export interface FilterUnit<Config extends ConfigSchema = ConfigSchema> extends UnitFacts<Config> {
  readonly tier: 't0';
  /** Surveys whose fields it reads; of all where it names none. */
  readonly surveys?: readonly string[];
  /** Every reason a rejection can carry, with what it means. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Fields of the alert that it reads with this config; the screen decodes nothing else. Called only after a `bind`. */
  readonly reads: FilterReads | ((config: z.output<Config>, survey: string) => FilterReads);
  /** Names of the files beside the channel's file that this config needs. */
  files(config: z.output<Config>): readonly string[];
  /**
   * Makes the filter ready for one config, once for many alerts: here an expression is compiled and a list is indexed. Called
   * when a channel is checked, so that it must throw `UnfitConfig` where config or a file is of no use.
   */
  bind(config: z.output<Config>, context: FilterContext): (input: FilterInput) => Verdict;
}

/** What a T2 unit computes from. The link of a result is the id of the datapoint, the stock or the state. */
export interface T2Inputs {
  readonly datapoint: SingleDatapoint;
  readonly stock: Stock;
  readonly state: State;
  readonly lightCurve: LightCurve;
}
export type T2Kind = keyof T2Inputs;

/** A T2 unit whose results another one builds on. The channel that uses the one has to use the other. */
export interface Need {
  readonly unit: string;
  /**
   * Whose result: `same` is the one of the same link, `datapoint` that of the first of the state's datapoints that the
   * channel computes it for, `stock` that of the object, `states` those of all states of the object up to this one.
   */
  readonly of: 'same' | 'datapoint' | 'stock' | 'states';
}

/** A result that a tied unit gets, with the link it belongs to. */
export interface NeededResult {
  readonly link: string;
  readonly body: Json;
}

/** Results of the units that a tied unit needs, by unit; one each but for those of `states`, which are in order of time. */
export type NeededResults = Readonly<Record<string, readonly NeededResult[]>>;

/** How a heavy or remote unit is run. */
export interface Execution {
  /** Unit group: its task queue is `t2-<group>`, which workers of their own can serve. Default: `t2`. */
  readonly group?: string;
  /** Longest time of one attempt; default 10 minutes. */
  readonly timeoutMs?: number;
  /** Attempts at what fails for a while; default: for three days. */
  readonly attempts?: number;
  /** Starts a second of the whole group, over all workers: what a remote service allows. */
  readonly perSecond?: number;
}

/** What a remote unit works with. */
export interface T2Context {
  readonly clients: Clients;
  /** Aborts at the end of its time. */
  readonly signal: AbortSignal;
}

/** T2: what do the data say? */
export interface T2Unit<
  Config extends ConfigSchema = ConfigSchema,
  Result extends z.ZodType<Json> = z.ZodType<Json>,
  Kind extends T2Kind = T2Kind,
> extends UnitFacts<Config> {
  readonly tier: 't2';
  readonly input: Kind;
  /** Surveys whose fields it reads; of all where it names none. */
  readonly surveys?: readonly string[];
  /**
   * `light`: well under a millisecond, computed beside the decision. `heavy`: much CPU, on a thread of its own.
   * `remote`: asks a service, may return a promise.
   */
  readonly cost: 'light' | 'heavy' | 'remote';
  /** Makes it a tied unit. */
  readonly needs?: readonly Need[];
  readonly execution?: Execution;
  readonly result: Result;
  /**
   * Throws `BadInput` where the data cannot give a result, `TryAgain` where a later attempt can; anything else it throws is
   * a mistake of the unit.
   */
  run(
    input: T2Inputs[Kind],
    config: z.output<Config>,
    needed: NeededResults,
    context: T2Context,
  ): z.output<Result> | Promise<z.output<Result>>;
  /** Of a fit: its AB magnitude at a Julian date (UTC), by band, to be drawn with the light curve; NaN where it has none. */
  model?(result: z.output<Result>): Readonly<Record<string, MagnitudeAt>>;
}

export type MagnitudeAt = (jd: number) => number;

/** The data cannot give this result, at no attempt. Not a mistake of the unit. */
export class BadInput extends Error {
  override readonly name = 'BadInput';
}

/** It may work later: a service is away or asks to wait. Of a T3 unit: the receiver has surely not acted. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';

  constructor(
    message: string,
    /** The service's own wish. */
    readonly afterMs?: number,
  ) {
    super(message);
  }
}

/** The clients a T3 unit may use, handed in by the worker. */
export interface Clients {
  readonly fetch: typeof fetch;
  /** Resolves a secret by name; throws with the name, never the value, where there is none. */
  secret(name: string): string;
}

/** Pictures of the object that a message is about, of what its channel may see; PNG. Made when asked for. */
export interface Pictures {
  /** The light curve of the state that the reaction tells of. */
  lightCurve(): Promise<Uint8Array>;
  /** The image stamps of its latest detection; undefined where they are not kept (any more). */
  cutouts(): Promise<Uint8Array | undefined>;
}

/** What a receiver answered, short enough for a document. */
export interface Answer {
  readonly status: string;
  readonly detail?: string;
  /** What later messages about the object need: a thread, the number of a report. */
  readonly reference?: Json;
  /** True where the receiver has the message and says later what has come of it: `follow` asks, by the reference. */
  readonly pending?: boolean;
  /** Of a pending one: when to ask. */
  readonly askAfterMs?: number;
}

/** What a receiver knows of a key: what it did, or that it did nothing, or neither. */
export type Found = Answer | 'not there' | 'cannot tell';

/** T3: who is told? `compose` is pure, `send` talks to the receiver. */
export interface T3Unit<Config extends ConfigSchema = ConfigSchema> extends UnitFacts<Config> {
  readonly tier: 't3';
  compose(occasion: Occasion, config: z.output<Config>): Json;
  /** The one message on all that a periodic run has selected. Without it such a run tells of each object by itself. */
  summarize?(population: Population, config: z.output<Config>): Json;
  /**
   * Sends the message once. Throws `ReactionRefused` where the receiver will never take it and `TryAgain` where it has surely
   * not acted: it was not reached, or asks to wait. After any other error nobody knows whether it has acted. There are no
   * pictures of a summary.
   */
  send(message: Json, key: string, config: z.output<Config>, clients: Clients, pictures?: Pictures): Promise<Answer>;
  /** True where the receiver acts on a key once, however often it is sent: in doubt the message is sent again. */
  readonly knowsKeys?: boolean;
  /**
   * Asks the receiver what it has done with this key, in doubt. A unit with neither leaves a doubt to a person
   * (`ampel reactions resolve`). Errors are tried again. `since` is when the last try began to send, by the worker's clock.
   */
  find?(message: Json, key: string, config: z.output<Config>, clients: Clients, since: Date): Promise<Found>;
  /**
   * Asks what has come of a message whose answer was pending, by that answer's reference. From there on nothing is sent again.
   * Throws `ReactionRefused` where the receiver has said no in the end; after any other error it is asked again.
   */
  follow?(reference: Json, key: string, config: z.output<Config>, clients: Clients): Promise<Answer>;
}

/** The receiver said no for good: trying again cannot help. */
export class ReactionRefused extends Error {
  override readonly name = 'ReactionRefused';
}

export type Unit = FilterUnit | T2Unit | T3Unit;

/** The fields that a filter reads with this config. */
export function readsOf({ reads }: FilterUnit, config: unknown, survey: string): FilterReads {
  return typeof reads === 'function' ? reads(config as Record<string, unknown>, survey) : reads;
}

/** A filter whose config needs no preparation: a pure function of alert and config. */
export interface PlainFilter<Config extends ConfigSchema> extends UnitFacts<Config> {
  readonly surveys?: readonly string[];
  readonly reads: FilterReads;
  readonly reasons: Readonly<Record<string, string>>;
  run(input: AlertContent, config: z.output<Config>): Verdict;
}

/** Declares a filter by its `run`. See `units/t0/decent-filter.ts` for one with every part. */
export function defineFilter<Config extends ConfigSchema>(
  unit: PlainFilter<Config>,
): FilterUnit<Config> & PlainFilter<Config> {
  return { ...unit, ...made('t0'), files: () => [], bind: (config) => (input) => unit.run(input, config) };
}

/** Declares a filter that prepares itself for its config. See `units/t0/expression-filter.ts`. */
export function definePreparedFilter<Config extends ConfigSchema>(
  unit: Omit<FilterUnit<Config>, 'tier' | 'files'> & Partial<Pick<FilterUnit<Config>, 'files'>>,
): FilterUnit<Config> {
  return { files: () => [], ...unit, ...made('t0') };
}

type T2Facts<Config extends ConfigSchema, Result extends z.ZodType<Json>, Kind extends T2Kind> = Omit<
  T2Unit<Config, Result, Kind>,
  'tier' | 'run' | 'cost' | 'needs'
>;

/** A T2 unit that needs nothing but its input. */
export interface PlainT2<
  Config extends ConfigSchema,
  Result extends z.ZodType<Json>,
  Kind extends T2Kind,
> extends T2Facts<Config, Result, Kind> {
  readonly cost: 'light' | 'heavy';
  run(input: T2Inputs[Kind], config: z.output<Config>): z.output<Result>;
}

/** Declares a T2 unit. See `units/t2/t2-light-curve-summary.ts`. */
export function defineT2<Config extends ConfigSchema, Result extends z.ZodType<Json>, Kind extends T2Kind>(
  unit: PlainT2<Config, Result, Kind>,
): PlainT2<Config, Result, Kind> & T2Unit<Config, Result, Kind> {
  return { ...unit, ...made('t2') };
}

/** A T2 unit that builds on results of others. */
export interface TiedT2<
  Config extends ConfigSchema,
  Result extends z.ZodType<Json>,
  Kind extends T2Kind,
> extends T2Facts<Config, Result, Kind> {
  readonly cost: 'light' | 'heavy';
  readonly needs: readonly Need[];
  run(input: T2Inputs[Kind], config: z.output<Config>, needed: NeededResults): z.output<Result>;
}

/** Declares a T2 unit that is tied to results of others. See `units/t2/t2-absolute-magnitude.ts`. */
export function defineTiedT2<Config extends ConfigSchema, Result extends z.ZodType<Json>, Kind extends T2Kind>(
  unit: TiedT2<Config, Result, Kind>,
): TiedT2<Config, Result, Kind> & T2Unit<Config, Result, Kind> {
  return { ...unit, ...made('t2') };
}

/** A T2 unit that asks a service. */
export interface RemoteT2<
  Config extends ConfigSchema,
  Result extends z.ZodType<Json>,
  Kind extends T2Kind,
> extends T2Facts<Config, Result, Kind> {
  readonly needs?: readonly Need[];
  run(
    input: T2Inputs[Kind],
    config: z.output<Config>,
    needed: NeededResults,
    context: T2Context,
  ): Promise<z.output<Result>>;
}

/** Declares a T2 unit that asks a service: it gets the clients and runs in the worker's own thread. */
export function defineRemoteT2<Config extends ConfigSchema, Result extends z.ZodType<Json>, Kind extends T2Kind>(
  unit: RemoteT2<Config, Result, Kind>,
): RemoteT2<Config, Result, Kind> & T2Unit<Config, Result, Kind> {
  return { ...unit, ...made('t2'), cost: 'remote' };
}

/** Declares a T3 unit. See `units/t3/webhook-reaction.ts`. */
export function defineT3<Config extends ConfigSchema>(unit: Omit<T3Unit<Config>, 'tier'>): T3Unit<Config> {
  return { ...unit, ...made('t3') };
}

function made<Tier extends Unit['tier']>(tier: Tier): { readonly tier: Tier; readonly [ORIGIN]: Origin } {
  return { tier, [ORIGIN]: THIS_COPY };
}
