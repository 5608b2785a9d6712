import { newDeadlines, type Deadline } from '../model/deadline.js';
import type { DecideOutcome } from '../model/transient.js';

/** Keys of reactions to single alerts that are kept: a redelivered alert is a recent one, older ones the store knows. */
const MAX_ALERT_KEYS = 100;
/** … and of each rule so many: `atMost` counts no further. */
const MAX_RULE_KEYS = 20;

/** Reactions of one object that wait for their time, and the keys of all that were ever set off. */
export class PendingDeadlines {
  constructor(
    private readonly stock: string,
    private pending: readonly Deadline[] = [],
    /** Undefined in a reopened transient until its first decision: the store knows. */
    private settledKeys?: readonly string[],
  ) {}

  get waiting(): readonly Deadline[] {
    return this.pending;
  }

  get settled(): readonly string[] | undefined {
    return this.settledKeys;
  }

  /** The one that falls due first; undefined where none waits. */
  get first(): Deadline | undefined {
    return this.pending.reduce<Deadline | undefined>(
      (first, one) => (first === undefined || one.dueJd < first.dueJd ? one : first),
      undefined,
    );
  }

  /** Adds what a unit's result sets off, but nothing a second time. */
  add(deadlines: readonly Deadline[]): void {
    const known = [...(this.settledKeys ?? []), ...this.pending.map(({ key }) => key)];
    // Two revisions of a channel can set off the same at once.
    const added = newDeadlines(deadlines, known);
    this.pending = [...this.pending, ...added];
    if (this.settledKeys !== undefined) this.settle([...this.settledKeys, ...added.map(({ key }) => key)]);
  }

  /** Takes over what a decision made of those with the keys `asked`; what units have set since then is not in its outcome. */
  merge(asked: readonly string[], outcome: Pick<DecideOutcome, 'pending' | 'settled'>): void {
    const known = new Set([...asked, ...outcome.settled]);
    const meanwhile = this.pending.filter(({ key }) => !known.has(key));
    this.pending = [...outcome.pending, ...meanwhile];
    this.settle([...outcome.settled, ...meanwhile.map(({ key }) => key)]);
  }

  /** Takes out what is due by `nowJd`, in order of time. A reaction without a wait needs no clock to pass it. */
  takeDue(nowJd: number): Deadline[] {
    const isDue = ({ dueJd, setJd }: Deadline): boolean => dueJd <= Math.max(nowJd, setJd);
    const due = this.pending.filter(isDue).sort((a, b) => a.dueJd - b.dueJd);
    if (due.length > 0) this.pending = this.pending.filter((deadline) => !isDue(deadline));
    return due;
  }

  /** A rule that reacts to every alert has a key an alert: the newest are enough, or histories would grow with their square. */
  private settle(keys: readonly string[]): void {
    const isOnce = (key: string): boolean => key.endsWith(`/${this.stock}`);
    const ofAlerts = keys.filter((key) => !isOnce(key));
    this.settledKeys = [...keys.filter(isOnce), ...newest(ofAlerts)];
  }
}

/** In their order: a rule that reacts to every alert must not push out those of one that seldom does. */
function newest(keys: readonly string[]): string[] {
  const ofRule = new Map<string, number>();
  const kept = keys.toReversed().filter((key, index) => {
    const rule = key.slice(0, key.lastIndexOf('/'));
    const count = (ofRule.get(rule) ?? 0) + 1;
    ofRule.set(rule, count);
    return index < MAX_ALERT_KEYS || count <= MAX_RULE_KEYS;
  });
  return kept.reverse();
}
