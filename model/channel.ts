import type { Json } from './canonical-json.js';
import type { Condition } from './condition.js';
import type { RunTimes } from './run-times.js';
import type { Approval, Safeguards } from './safeguards.js';
import type { Selection } from './selection.js';

/** Receipts tell for so long what a channel refused that does not say otherwise. */
export const KEEP_RECEIPTS_DAYS = 400;

/** A unit by name with the config the channel gives it, defaults filled in. */
export interface UnitUse {
  readonly unit: string;
  readonly version: string;
  readonly config: Json;
  /** sha256 of the canonical JSON of `config` and of all else that shapes what the unit gives. */
  readonly configHash: string;
}

/** T0 of a channel: a filter, or several combined. */
export interface FilterUse extends UnitUse {
  /** Selects among the channel's T2 units where this filter accepts; its own group comes before that of a filter inside. */
  readonly group?: number;
  /** sha256 of the files that the config names, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Of a combination: `unit` and `version` tell of all filters, `config` is null. */
  readonly combine?: 'all' | 'any' | 'not';
  readonly filters?: readonly FilterUse[];
}

/**
 * What an alert of an object that the channel has accepted before is worth, as in AMPEL: `bypass` accepts it without asking
 * the filter, `overrule` accepts it whatever the filter says and records that, `silent_overrule` does not record it.
 */
export type OnStockMatch = 'bypass' | 'overrule' | 'silent_overrule';

/** T1 of a channel: which of the points it may see make up its states. Without options: AMPEL's combiner. */
export interface CombineOptions {
  /** Points with one of these tags are left out. */
  readonly exclude?: readonly string[];
  /** Only points of these bands. */
  readonly bands?: readonly string[];
  /** Only points at most so many days older than the alert. */
  readonly maxAgeDays?: number;
  /** Forced photometry is kept; AMPEL leaves it out. */
  readonly forced?: boolean;
  /** The first acceptance of an object gives states for its earlier detections too. */
  readonly retro?: boolean;
  /** Objects of the channel's other surveys within this distance are the same object. */
  readonly matchArcsec?: number;
}

/** Which datapoints of a state a unit of kind `datapoint` is run for. */
export interface PointSelection {
  readonly select: 'first' | 'last' | 'first accepted' | 'all';
  /** Only points with this tag. */
  readonly tag?: string;
}

/** A result that a tied unit builds on. */
export interface NeedUse extends Pick<UnitUse, 'unit' | 'version' | 'configHash'> {
  readonly of: 'same' | 'datapoint' | 'stock' | 'states';
  /** What that unit builds on itself, in all depth: `T2Peak@1.0.0`, sorted. */
  readonly on?: readonly string[];
}

/** A T2 unit of a channel. */
export interface T2Use extends UnitUse {
  /** Runs for acceptances into one of these groups, and into none; without: for all. */
  readonly groups?: readonly number[];
  /** Of a unit of kind `datapoint`. */
  readonly points?: PointSelection;
  /** Of a tied unit. */
  readonly needs?: readonly NeedUse[];
}

/** What starts a reaction: the first accepted alert, every accepted alert, a result of a T2 unit, or what results say. */
export type ReactionTrigger = 'accepted' | 'detection' | { readonly result: string } | Condition;

/** A T3 rule: when to react, how long to wait, what calls it off. Times are event time. */
export interface ReactionRule extends UnitUse, Safeguards {
  /** Unique in the channel. */
  readonly name: string;
  readonly when: ReactionTrigger;
  /** Days from the trigger to the reaction; 0 = at once. */
  readonly afterDays: number;
  /** Set off only so many days after the object's first accepted alert, at most. */
  readonly withinDays?: number;
  /** `detection`: another accepted alert inside the wait calls the reaction off. A condition does where it holds when it is due. */
  readonly unless?: 'detection' | Condition;
  /** Reactions of this rule to one object; without: one, or one for each alert where it is `when: detection`. */
  readonly atMost?: number;
  readonly requires?: Approval;
  /** Only acceptances into one of these groups, and into none; without: all. */
  readonly groups?: readonly number[];
}

/** A T3 rule that runs by the clock over the channel's objects. */
export interface PeriodicRule extends UnitUse, Safeguards {
  /** Unique in the channel, among its other rules too. */
  readonly name: string;
  readonly times: RunTimes;
  /** What is due while the run before is under way. */
  readonly overlap: 'skip' | 'queue';
  /** What was missed while no server ran is made up for, where it was due so short a time ago. */
  readonly catchUpMinutes: number;
  readonly select: Selection;
  /** One message on all, or one on each. */
  readonly tell: 'all' | 'each';
}

/** A channel as applied: checked, defaults filled in. One YAML file gives one of these. */
export interface Channel {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly contact?: string;
  /** The surveys whose streams this channel reads: `ztf`, `lsst`. */
  readonly streams: readonly string[];
  /** Tags of the data it may see: `ZTF_PUB`, `ZTF_PRIV`, `LSST`. */
  readonly access: readonly string[];
  /** How long receipts tell what the channel's screen refused; default `KEEP_RECEIPTS_DAYS`. */
  readonly keepReceiptsDays?: number;
  /** How long the image stamps of accepted alerts are kept; not at all where it is not said. */
  readonly keepCutoutsDays?: number;
  /** So many newly accepted objects a night pause the channel. */
  readonly maxPerNight?: number;
  readonly onStockMatch?: OnStockMatch;
  /** By survey. */
  readonly t0: Readonly<Record<string, FilterUse>>;
  readonly t1?: CombineOptions;
  readonly t2: readonly T2Use[];
  /** For all rules of the channel; the cap is of each unit that it tells something. */
  readonly reactions?: Safeguards;
  readonly t3: readonly ReactionRule[];
  /** Rules that run by the clock. */
  readonly periodic?: readonly PeriodicRule[];
}

/** A channel with the identity of its content: sha256 of its canonical JSON. */
export interface ChannelRevision {
  readonly channel: Channel;
  readonly hash: string;
}

/** A rule of the channel by its name. */
export function ruleNamed({ t3, periodic = [] }: Channel, name: string): ReactionRule | PeriodicRule | undefined {
  return [...t3, ...periodic].find((rule) => rule.name === name);
}

/** True where what asks for `groups` is meant by an acceptance into `group`. */
export function isOfGroup(groups: readonly number[] | undefined, group: number | undefined): boolean {
  return groups === undefined || group === undefined || groups.includes(group);
}

/** The filters of a channel's T0 that are no combinations, in the order of the file. */
export function singleFilters(use: FilterUse): readonly FilterUse[] {
  return use.filters === undefined ? [use] : use.filters.flatMap(singleFilters);
}
