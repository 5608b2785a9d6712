import type { Json } from '../model/canonical-json.js';

/** What one of two JSON values has otherwise than the other. */
export interface Change {
  /** `t0.ztf.config.min_rb` */
  readonly path: string;
  /** Undefined where there is nothing. */
  readonly before?: Json;
  readonly after?: Json;
}

/** Differences leaf by leaf; of lists of different length, and of values of different kinds, the whole. */
export function changesBetween(before: Json | undefined, after: Json | undefined, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  if (isList(before) && isList(after) && before.length === after.length) {
    return before.flatMap((one, index) => changesBetween(one, after[index], `${path}[${index}]`));
  }
  return [{ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}

/** `t0.ztf.config.min_rb: 0.3 -> 0.5` */
export function changeText({ path, before, after }: Change): string {
  return `${path}: ${shown(before)} -> ${shown(after)}`;
}

const SHOWN_LETTERS = 60;

function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > SHOWN_LETTERS ? `${text.slice(0, SHOWN_LETTERS)}…` : text;
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json | undefined>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
