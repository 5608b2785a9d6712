import type { FieldValue } from '../../model/datapoint.js';
import { Unreadable } from '../avro/unreadable.js';

/** Fields that hold text in every schema version. */
const TEXT = new Set([
  'isdiffpos',
  'pdiffimfilename',
  'programpi',
  'ssnamenr',
  'rbversion',
  'drbversion',
  'procstatus',
]);
/** 64-bit ids: decimal strings. `pid` fits a double and is kept as the number that AMPEL stores. */
const IDS = new Set(['candid', 'objectidps1', 'objectidps2', 'objectidps3']);

/** File names have a hundred; a document of MongoDB has no room for millions. */
const MAX_LETTERS = 500;

export type PacketRecord = Record<string, unknown>;

/**
 * A field as ZTF defines it. Re-serialised alerts hold numbers as text or as 64-bit integers (schema drift):
 * they become numbers again. Throws `Unreadable` where a number field holds other text.
 */
export function fieldValue(name: string, value: unknown): FieldValue {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') {
    throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected a number or text`);
  }
  if (value.length > MAX_LETTERS) {
    throw new Unreadable('absurd-field', `${name} has ${value.length} letters, expected at most ${MAX_LETTERS}`);
  }
  if (TEXT.has(name) || IDS.has(name)) return value;
  const number = Number(value);
  if (value.trim() === '' || Number.isNaN(number)) {
    throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected a number`);
  }
  return number;
}

const NUMBERS = ['null', 'boolean', 'int', 'float', 'double'];
const WORDS = [...NUMBERS, 'string', 'long'];

/** Fields whose type in a writer schema is not ZTF's: their values need `fieldValue` before a filter may read them. */
export function driftedFields(types: ReadonlyMap<string, readonly string[]>): string[] {
  const isDrifted = ([name, names]: [string, readonly string[]]): boolean => {
    const expected = TEXT.has(name) || IDS.has(name) ? WORDS : NUMBERS;
    return names.some((type) => !expected.includes(type));
  };
  return [...types].filter(isDrifted).map(([name]) => name);
}

/** A part of the packet that must be a record. */
export function recordPart(value: unknown, part: string): PacketRecord {
  if (isRecord(value)) return value;
  throw new Unreadable('missing-field', `the packet has no ${part}`);
}

/** A part of the packet that is a list of records, empty where it is null or absent. */
export function recordList(value: unknown, part: string): PacketRecord[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw new Unreadable('absurd-field', `${part} is not a list of records`);
}

/** A part of the packet that is bytes, undefined where it is null or empty. */
export function bytesPart(value: unknown, part: string): Uint8Array | undefined {
  if (value === null || value === undefined) return undefined;
  if (Buffer.isBuffer(value)) return value.length === 0 ? undefined : value;
  throw new Unreadable('absurd-field', `${part} is ${found(value)}, expected bytes`);
}

function isRecord(value: unknown): value is PacketRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** A field that must be text with something in it. */
export function textField(record: PacketRecord, name: string): string {
  const value = record[name];
  if (typeof value === 'string' && value !== '') return value;
  if (value === undefined || value === null || value === '')
    throw new Unreadable('missing-field', `${name} is missing`);
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected text`);
}

const INTEGER = /^(0|-?[1-9]\d{0,18})$/;

/** A 64-bit id as decimal digits. */
export function idField(record: PacketRecord, name: string): string {
  const value = record[name];
  if (value === undefined || value === null) throw new Unreadable('missing-field', `${name} is missing`);
  const digits = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits === 'string' && INTEGER.test(digits) && fits64Bits(digits)) return digits;
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected a 64-bit integer`);
}

/** All integers below 10^18 do. */
function fits64Bits(digits: string): boolean {
  return digits.length <= 18 || BigInt.asIntN(64, BigInt(digits)) === BigInt(digits);
}

const SHOWN_LETTERS = 60;

/** A value as a message shows it. What is no text or number may be deep, or have megabytes. */
function found(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_LETTERS)).slice(0, SHOWN_LETTERS);
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : 'a record';
}

/** A number inside bounds. Throws `Unreadable` with the value found and the bounds. */
export function boundedField(record: PacketRecord, name: string, least: number, most: number): number {
  const value = fieldValue(name, record[name]);
  if (value === null) throw new Unreadable('missing-field', `${name} is missing`);
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new Unreadable('absurd-field', `${name} is ${found(value)}, expected ${least} to ${most}`);
}
