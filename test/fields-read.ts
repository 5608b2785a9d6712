import type { AlertContent, FilterInput } from '../model/alert.js';
import type { Fields } from '../model/datapoint.js';
import type { Verdict } from '../model/decision.js';

/** What a filter decided, and which fields of candidate and history it read for that. */
export interface Reading {
  readonly verdict: Verdict;
  readonly candidate: readonly string[];
  readonly history: readonly string[];
}

/** Runs a filter and notes the fields that it reads. */
export function fieldsRead({ candidate, history }: AlertContent, run: (input: FilterInput) => Verdict): Reading {
  const read = { candidate: new Set<string>(), history: new Set<string>() };
  const watched = (fields: Fields, names: Set<string>): Fields =>
    new Proxy(fields, {
      get: (target, name) => {
        names.add(String(name));
        return Reflect.get(target, name) as unknown;
      },
    });
  const verdict = run({
    objectId: 'ZTF18abxhyqv',
    candidate: watched(candidate, read.candidate),
    history: history.map((point) => watched(point, read.history)),
  });
  return { verdict, candidate: [...read.candidate].sort(), history: [...read.history].sort() };
}

/** The record without some of its fields. */
export function without(record: Fields, ...fields: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !fields.includes(name)));
}
