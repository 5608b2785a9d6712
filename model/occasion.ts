import type { Json } from './canonical-json.js';
import type { Datapoint } from './datapoint.js';

/** What a T3 unit is told: which object, why now, and what is known of it, limited to what the channel may see. */
export interface Occasion {
  /** Stable over retries and restarts; a receiver that sees it twice has seen the same reaction twice. */
  readonly key: string;
  readonly channel: string;
  readonly rule: string;
  readonly objectId: string;
  readonly stock: string;
  readonly position: { readonly ra: number; readonly dec: number };
  /** Event time at which the reaction fell due (Julian date). */
  readonly dueJd: number;
  /** The alert that set the rule off. */
  readonly alertId: string;
  /** The state the rule was set off by. */
  readonly state: {
    readonly link: string;
    readonly datapoints: readonly Datapoint[];
  };
  /** Result bodies by unit name, of that state. */
  readonly results: Readonly<Record<string, Json>>;
  /** What this rule's unit was told before about the object in this channel, and was confirmed, in order of time. */
  readonly earlier: readonly EarlierReaction[];
}

export interface EarlierReaction {
  readonly rule: string;
  /** What the receiver answered for later messages: a thread, the number of a report. */
  readonly reference?: Json;
}
