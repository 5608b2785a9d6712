import { Unreadable } from '../avro/unreadable.js';

/** A JSON object that nobody has looked into. */
export type JsonObject = Readonly<Record<string, unknown>>;

const SHOWN_CHARACTERS = 60;

/** A found value for a message, bounded. */
export function shown(value: unknown): string {
  const text = typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) as string | undefined);
  if (text === undefined) return typeof value;
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of this name where it is a non-empty text. */
export function textOf(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The member of this name where it is a number. */
export function numberOf(object: JsonObject, name: string): number | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The texts that the member of this name is, or lists. */
export function textsOf(object: JsonObject, name: string): string[] {
  const value: unknown = Object.hasOwn(object, name) ? object[name] : undefined;
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.flatMap((one) => (typeof one === 'string' && one.trim() !== '' ? [one.trim()] : []));
}

/** The objects that the member of this name lists. */
export function objectsOf(object: JsonObject, name: string): JsonObject[] {
  const value: unknown = Object.hasOwn(object, name) ? object[name] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** A number inside its bounds. Throws `Unreadable` with the place. */
export function bounded(value: number, place: string, low: number, high: number): number {
  if (value >= low && value <= high) return value;
  throw new Unreadable('absurd-field', `${place} is ${value}, expected ${low} to ${high}`);
}

/** Named probabilities; undefined where there are none. Throws `Unreadable` for one outside 0 to 1. */
export function probabilitiesOf(value: unknown, place: string): Record<string, number> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'number' ? [[name, bounded(one, `${place}/${name}`, 0, 1)] as const] : [],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** True for an address that a person may be sent to: http, https, ftp. */
export function isWebAddress(text: string): boolean {
  return /^(https?|ftp):\/\/[^\s<>"']+$/i.test(text);
}
