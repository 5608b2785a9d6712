import type { FieldValue } from '../../model/datapoint.js';
import { Unreadable } from '../avro/unreadable.js';

export type PacketRecord = Readonly<Record<string, unknown>>;

const INTEGER = /^(0|-?[1-9]\d{0,18})$/;

/** A part of the packet that must be a record. */
export function recordPart(value: unknown, part: string): PacketRecord {
  if (isRecord(value)) return value;
  if (value === null || value === undefined) throw new Unreadable('missing-field', `the packet has no ${part}`);
  throw new Unreadable('absurd-field', `${part} is ${found(value)}, expected a record`);
}

/** A part of the packet that is a list of records, empty where it is null or absent. */
export function recordList(value: unknown, part: string): readonly PacketRecord[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw new Unreadable('absurd-field', `${part} is ${found(value)}, expected a list of records`);
}

/** A part of the packet that is bytes, undefined where it is null or empty. */
export function bytesPart(record: PacketRecord, part: string): Uint8Array | undefined {
  const value = record[part] ?? undefined;
  if (value === undefined) return undefined;
  if (Buffer.isBuffer(value)) return value.length === 0 ? undefined : value;
  throw new Unreadable('absurd-field', `${part} is ${found(value)}, expected bytes`);
}

function isRecord(value: unknown): value is PacketRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** A 64-bit integer as decimal digits. Throws `Unreadable`. */
export function idField(record: PacketRecord, name: string): string {
  const value = required(record, name);
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits === 'string' && INTEGER.test(digits) && BigInt.asIntN(64, BigInt(digits)) === BigInt(digits)) {
    return digits;
  }
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected a 64-bit integer`);
}

/** A number inside bounds. Throws `Unreadable` with the value found and the bounds. */
export function boundedField(record: PacketRecord, name: string, least: number, most: number): number {
  const value = required(record, name);
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected ${least} to ${most}`);
}

/** A number, NaN among them, or null. Throws `Unreadable`. */
export function numberField(record: PacketRecord, name: string): number | null {
  const value = record[name] ?? null;
  if (value === null || typeof value === 'number') return value;
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected a number`);
}

/** Text that can be part of a tag, in lower case. Throws `Unreadable`. */
export function bandField(record: PacketRecord, name: string): string {
  const value = required(record, name);
  if (typeof value === 'string' && /^[A-Za-z0-9_]{1,16}$/.test(value)) return value.toLowerCase();
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected the name of a filter, such as r`);
}

/** A value as a datapoint holds it. Throws `Unreadable` for what is no single value. */
export function fieldValue(name: string, value: unknown): FieldValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected a single value`);
}

function required(record: PacketRecord, name: string): unknown {
  const value = record[name];
  if (value !== undefined && value !== null) return value;
  throw new Unreadable('missing-field', `${name} is missing`);
}

/** The same problem with the part of the packet in front. */
export function inPart<Result>(part: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Unreadable(error.kind, `${part}: ${error.message}`);
    throw error;
  }
}

/** A value as a message shows it. */
export function found(value: unknown): string {
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a record';
  return (typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : String(value)).slice(0, 60);
}
