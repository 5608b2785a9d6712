import { Binary } from 'mongodb';
import type { FieldValue } from '../model/datapoint.js';
import type { Rejection } from '../model/decision.js';
import type { RejectionRows } from './documents.js';

interface Rows {
  readonly reason: string;
  readonly field: string | null;
  readonly limit: FieldValue;
  readonly rows: number[];
  readonly values: FieldValue[];
}

/** Rejections of one channel and batch while they are gathered. */
export class RejectionTable {
  private readonly byReason = new Map<string, Rows[]>();

  /** `row`: the alert's number among the receipt's alerts. */
  add(row: number, { reason, field: on, value = null, limit = null }: Rejection): void {
    const field = on ?? null;
    let list = this.byReason.get(reason);
    if (list === undefined) this.byReason.set(reason, (list = []));
    let found = list.find((one) => one.field === field && Object.is(one.limit, limit));
    if (found === undefined) list.push((found = { reason, field, limit, rows: [], values: [] }));
    found.rows.push(row);
    found.values.push(value);
  }

  /** As it is stored. */
  toRows(): RejectionRows[] {
    return [...this.byReason.values()].flat().map(({ rows, values, ...what }) => ({
      ...what,
      count: rows.length,
      rows: new Binary(bytesOf(Uint32Array.from(rows))),
      values: values.every((value) => typeof value === 'number')
        ? new Binary(bytesOf(Float64Array.from(values)))
        : values,
    }));
  }
}

/** One rejection by its row. */
export interface RejectedRow {
  readonly row: number;
  readonly why: Omit<Rejection, 'accepted'>;
}

/** The stored rejections of these rows. */
export function rejectedRows(tables: readonly RejectionRows[], wanted: ReadonlySet<number>): RejectedRow[] {
  return tables.flatMap(({ reason, field, limit, rows, values }) => {
    const found = [...rowNumbersOf(rows)].map((row, index) => ({ row, index })).filter(({ row }) => wanted.has(row));
    const all = values instanceof Binary ? doublesOf(values) : values;
    return found.map(({ row, index }) => ({ row, why: whyOf(reason, field, all[index] ?? null, limit) }));
  });
}

function whyOf(reason: string, field: string | null, value: FieldValue, limit: FieldValue): RejectedRow['why'] {
  return {
    reason,
    ...(field !== null && { field }),
    // Null stands for what is not there; where there is a limit, it is what the alert has.
    ...((value !== null || limit !== null) && { value }),
    ...(limit !== null && { limit }),
  };
}

/** Doubles that were written by `doubleBytes`. */
export function doublesOf(binary: Binary): Float64Array {
  return new Float64Array(copyOf(binary));
}

/** Little-endian, as every machine that Node runs on has them. */
export function doubleBytes(values: readonly number[]): Binary {
  return new Binary(bytesOf(Float64Array.from(values)));
}

/** Numbers of rows, as they are stored. */
export function rowNumbersOf(binary: Binary): Uint32Array {
  return new Uint32Array(copyOf(binary));
}

/** Typed arrays begin at multiples of their size, which bytes of a document do not. */
function copyOf(binary: Binary): ArrayBuffer {
  return Uint8Array.from(binary.value()).buffer;
}

function bytesOf(numbers: Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
