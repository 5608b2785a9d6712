/** A reaction that a rule has set off and that waits for its time. */
export interface Deadline {
  /** Idempotency key of the reaction: channel, rule, object and, for rules that may fire often, the alert. */
  readonly key: string;
  readonly channel: string;
  /** Revision of the channel whose rule it is. */
  readonly channelHash: string;
  readonly rule: string;
  /** The alert that set it off, its time and the state it made. */
  readonly alertId: string;
  readonly setJd: number;
  readonly link: string;
  /** Event time at which it falls due. */
  readonly dueJd: number;
  readonly unless?: 'detection';
  /** So many reactions of the rule to the object, where there can be several. */
  readonly atMost?: number;
}

/**
 * Those that may be set off besides the ones whose keys are known: none twice, and of a rule no more than it allows for one
 * object. The key of a rule that may react several times ends with the alert.
 */
export function newDeadlines(deadlines: readonly Deadline[], known: Iterable<string>): Deadline[] {
  const keys = new Set(known);
  const each = new Map(deadlines.map((deadline) => [deadline.key, deadline]));
  return [...each.values()].filter(({ key, atMost }) => {
    if (keys.has(key)) return false;
    const ofRule = key.slice(0, key.lastIndexOf('/') + 1);
    if (atMost !== undefined && [...keys].filter((one) => one.startsWith(ofRule)).length >= atMost) return false;
    keys.add(key);
    return true;
  });
}

/** Splits deadlines at an event time: what is due by then, in order of time, and what still waits. */
export function splitDue(deadlines: readonly Deadline[], jd: number): { due: Deadline[]; waiting: Deadline[] } {
  const due = deadlines.filter((deadline) => deadline.dueJd <= jd).sort((a, b) => a.dueJd - b.dueJd);
  return { due, waiting: deadlines.filter((deadline) => deadline.dueJd > jd) };
}

/** Splits deadlines by an accepted alert of `channel` at `jd`: another exposure calls off what says `unless: detection`. */
export function splitCalledOff(
  deadlines: readonly Deadline[],
  channel: string,
  jd: number,
): { calledOff: Deadline[]; waiting: Deadline[] } {
  const isCalledOff = (deadline: Deadline): boolean =>
    deadline.unless === 'detection' && deadline.channel === channel && deadline.setJd !== jd;
  return { calledOff: deadlines.filter(isCalledOff), waiting: deadlines.filter((deadline) => !isCalledOff(deadline)) };
}

/** The earliest time at which one of these falls due; undefined where there is none. */
export function earliestDueJd(deadlines: readonly Deadline[]): number | undefined {
  return deadlines.length === 0 ? undefined : Math.min(...deadlines.map((deadline) => deadline.dueJd));
}
