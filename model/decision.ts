import type { FieldValue } from './datapoint.js';

/** Why a filter refused an alert: the first cut that failed, named as AMPEL logs it. */
export interface Rejection {
  readonly accepted: false;
  /** Name of the cut: `nDet`, `tSpan`, `missing`, `galPlane`, … */
  readonly reason: string;
  /** The alert's field that the cut looked at, where it is one field. */
  readonly field?: string;
  /** What the alert has. */
  readonly value?: FieldValue;
  /** What the channel asks for. */
  readonly limit?: FieldValue;
}

/** An alert that a filter wants. */
export interface Acceptance {
  readonly accepted: true;
  /** Selects among the channel's T2 units and T3 rules: those of the group, and those of none. Without: all. */
  readonly group?: number;
  /** What it was accepted for, where that is more than passing cuts: the entry of a watchlist that it is at. */
  readonly match?: string;
}

export type Verdict = Acceptance | Rejection;

/** A known object was accepted whatever the filter says. */
export interface KnownAcceptance extends Acceptance, Partial<Omit<Rejection, 'accepted'>> {
  /** `bypass`: the filter was not asked; `overrule`: it rejected, for `reason` where that is to be recorded. */
  readonly known: 'bypass' | 'overrule';
}

/** Reasons for which a filter rejects what it could not judge, with what they mean where the filter does not say. */
export const UNDECIDED_MEANINGS: Readonly<Record<string, string>> = {
  missing: 'the alert lacks a field that the filter needs',
  isNone: 'a field that the filter needs is null',
  null: 'a field that the filter needs is null or missing',
  error: 'the filter failed on this alert',
  access: 'data that the channel has no right to see',
};

/** True where the filter had not what it needs: its opposite does not accept either. */
export function isUndecided({ reason }: Rejection): boolean {
  return reason in UNDECIDED_MEANINGS;
}

/** The decision on an alert of an object that the channel has accepted before. */
export function onKnownObject(
  verdict: Verdict,
  rule: 'bypass' | 'overrule' | 'silent_overrule' | undefined,
): Verdict | KnownAcceptance {
  if (rule === undefined) return verdict;
  if (rule === 'bypass') return { accepted: true, known: 'bypass' };
  if (verdict.accepted || verdict.reason === 'access') return verdict;
  return { ...(rule === 'overrule' && verdict), accepted: true, known: 'overrule' };
}
