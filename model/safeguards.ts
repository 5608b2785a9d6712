/** So many messages at most in an hour, a day or a night; a night is a day that begins at noon UTC. */
export interface RateCap {
  readonly count: number;
  readonly per: 'h' | 'd' | 'night';
}

/** Nothing is sent between these times of day (`22:00`), in a time zone of the IANA data base. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
  readonly timezone: string;
}

/** A person has to say yes: to each message, or to the rule's first one. Without an answer in time nothing is sent. */
export interface Approval {
  readonly of: 'each' | 'first';
  readonly withinDays: number;
}

/** What holds a message back before it is sent. */
export interface Safeguards {
  /** The message is stored, and not sent. */
  readonly dry?: true;
  readonly cap?: RateCap;
  readonly quiet?: QuietHours;
}
