import type { Kind, Truth } from '../../streams/simulation/truth.js';

/** What the channel of the demo looks for. */
export const WANTED: readonly Kind[] = ['SN Ia', 'SN II', 'SN Ibc', 'TDE'];

export function isWanted(kind: Kind): boolean {
  return WANTED.includes(kind);
}

/** A simulated object with what the nights show of it. */
export interface Sighting extends Pick<Truth, 'objectId' | 'class'> {
  /** Alerts in these nights. */
  readonly alerts: number;
  /** True where it had not been detected before these nights. */
  readonly isNew: boolean;
}

/** Two counts and their quotient; 0/0 is no number, so it has no fraction. */
export interface Share {
  readonly found: number;
  readonly of: number;
  readonly fraction: number | null;
}

export interface Score {
  /** Of the new transients with two alerts or more: those that the channel accepted. */
  readonly completeness: Share;
  /** Of the objects that the channel accepted: the transients, new or not. */
  readonly purity: Share;
  /** The accepted objects by what they are. */
  readonly accepted: Readonly<Partial<Record<Kind, number>>>;
}

/** A transient that was seen once only can't be told from a flaw, so the channel asks for this many. */
const LEAST_ALERTS = 2;

/**
 * How well a channel that looks for new extragalactic transients (supernovae, TDEs) has done, by what the objects
 * really are. An accepted object that is not among `sightings` counts against purity.
 */
export function scoreOf(sightings: Iterable<Sighting>, acceptedObjects: readonly string[]): Score {
  const unseen = new Set(acceptedObjects);
  const accepted: Partial<Record<Kind, number>> = {};
  const completeness = { found: 0, of: 0 };
  const purity = { found: 0, of: unseen.size };
  for (const { objectId, class: kind, alerts, isNew } of sightings) {
    const isAccepted = unseen.delete(objectId);
    if (isAccepted) accepted[kind] = (accepted[kind] ?? 0) + 1;
    if (!isWanted(kind)) continue;
    if (isAccepted) purity.found++;
    if (!isNew || alerts < LEAST_ALERTS) continue;
    completeness.of++;
    if (isAccepted) completeness.found++;
  }
  return { completeness: shareOf(completeness), purity: shareOf(purity), accepted };
}

function shareOf({ found, of }: { found: number; of: number }): Share {
  return { found, of, fraction: of === 0 ? null : found / of };
}
