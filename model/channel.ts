import type { Json } from './canonical-json.js';

/** Receipts tell for so long what a channel refused that does not say otherwise. */
export const KEEP_RECEIPTS_DAYS = 400;

/** A unit by name with the config the channel gives it, defaults filled in. */
export interface UnitUse {
  readonly unit: string;
  readonly version: string;
  readonly config: Json;
  /** sha256 of the canonical JSON of `config`. */
  readonly configHash: string;
}

/** What starts a reaction: the first accepted alert, every accepted alert, or the first result of a T2 unit. */
export type ReactionTrigger = 'accepted' | 'detection' | { readonly result: string };

/** A T3 rule: when to react, how long to wait, what calls it off. Times are event time. */
export interface ReactionRule extends UnitUse {
  /** Unique in the channel. */
  readonly name: string;
  readonly when: ReactionTrigger;
  /** Days from the trigger to the reaction; 0 = at once. */
  readonly afterDays: number;
  /** `detection`: another accepted alert inside the wait calls the reaction off. */
  readonly unless?: 'detection';
}

/** A channel as applied: checked, defaults filled in. One YAML file gives one of these. */
export interface Channel {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly contact?: string;
  /** The survey whose streams this channel reads: `ztf`. */
  readonly stream: string;
  /** Tags of the data it may see: `ZTF_PUB`, `ZTF_PRIV`. */
  readonly access: readonly string[];
  /** How long receipts tell what the channel's screen refused; default `KEEP_RECEIPTS_DAYS`. */
  readonly keepReceiptsDays?: number;
  readonly t0: UnitUse;
  readonly t2: readonly UnitUse[];
  readonly t3: readonly ReactionRule[];
}

/** A channel with the identity of its content: sha256 of its canonical JSON. */
export interface ChannelRevision {
  readonly channel: Channel;
  readonly hash: string;
}
