import { Unreadable } from '../avro/unreadable.js';
import { isObject, shown, type JsonObject } from './fields.js';

/** No notice nests deeper than six levels. */
const MAX_DEPTH = 32;

/**
 * The object that a JSON text holds. Throws `Unreadable`: no JSON, no object, nested deeper than 32 levels, a key that
 * comes twice in one object (readers would disagree which value counts), a number too large for a double.
 */
export function parseJsonObject(text: string): JsonObject {
  const value = parsed(text);
  refuseRepeatedKeys(text);
  if (!isObject(value)) {
    throw new Unreadable(
      'not-a-notice',
      `the JSON is ${Array.isArray(value) ? 'a list' : shown(value)}, expected an object`,
    );
  }
  refuseInfinite(value, '');
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : '';
    throw new Unreadable('corrupt', `no JSON: ${reason}`);
  }
}

interface Level {
  /** Keys so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  /** The latest key. */
  key: string;
}

/** Walks over a text that is valid JSON: `JSON.parse` keeps the last of equal keys and tells nobody. */
function refuseRepeatedKeys(text: string): void {
  const levels: Level[] = [];
  let isKeyNext = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      const end = endOfString(text, at);
      if (isKeyNext) addKey(levels, String(JSON.parse(text.slice(at, end + 1))));
      isKeyNext = false;
      at = end;
    } else if (character === '{' || character === '[') {
      levels.push({ keys: character === '{' ? new Set() : undefined, key: '' });
      if (levels.length > MAX_DEPTH) {
        throw new Unreadable('forbidden', `the JSON is nested deeper than ${MAX_DEPTH} levels at character ${at}`);
      }
      isKeyNext = character === '{';
    } else if (character === '}' || character === ']') {
      levels.pop();
    } else if (character === ',') {
      isKeyNext = levels.at(-1)?.keys !== undefined;
    }
  }
}

function addKey(levels: readonly Level[], key: string): void {
  const level = levels.at(-1);
  if (level?.keys === undefined) return;
  level.key = key;
  if (level.keys.has(key)) {
    const place = levels.flatMap((one) => (one.keys === undefined ? [] : [one.key])).join('/');
    throw new Unreadable('forbidden', `${shown(place)} comes twice in one object, expected every key once`);
  }
  level.keys.add(key);
}

/** Where the string that opens at `start` closes. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

function refuseInfinite(value: unknown, place: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Unreadable('absurd-field', `${place} is beyond ±1.8e308, expected a number that a double can hold`);
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) refuseInfinite(member, place === '' ? key : `${place}/${key}`);
}
