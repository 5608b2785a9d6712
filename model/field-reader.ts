import type { Fields } from './datapoint.js';
import type { Rejection } from './decision.js';
import { numberOf } from './needed-fields.js';

/** Reads numbers of one record, and remembers the first that was asked for and is not there. */
export class FieldReader {
  readonly #record: Fields;
  #missing: string | undefined;

  constructor(record: Fields) {
    this.#record = record;
  }

  /** NaN for what is no number, which fits no comparison. */
  read(field: string): number {
    const value = numberOf(this.#record, field);
    if (Number.isNaN(value)) this.#missing ??= field;
    return value;
  }

  /** What a filter has to answer where it asked for a field that is absent (`missing`) or no number (`isNone`). */
  get rejection(): Rejection | undefined {
    if (this.#missing === undefined) return undefined;
    const reason = this.#record[this.#missing] === undefined ? 'missing' : 'isNone';
    return { accepted: false, reason, field: this.#missing };
  }
}
