import type { Fields } from './datapoint.js';
import type { Rejection } from './decision.js';

/** NaN for what is no number: it passes no `>=` and no `<=`. */
export function numberOf(record: Fields, field: string): number {
  const value = record[field];
  return typeof value === 'number' ? value : Number.NaN;
}

/** The first of the fields that the record lacks (reason `missing`) or has as null (`isNone`): a filter without them cannot judge. */
export function neededFields(record: Fields, fields: readonly string[]): Rejection | undefined {
  for (const field of fields) {
    const value = record[field];
    if (value === undefined) return { accepted: false, reason: 'missing', field };
    if (value === null) return { accepted: false, reason: 'isNone', field };
  }
  return undefined;
}
