import { canonicalJson, type Json } from '../../model/canonical-json.js';

/** What stands at a path such as `T2LightCurveSummary.num_detections`: unit, then keys. */
export function resultText(results: Readonly<Record<string, Json>>, path: string): string {
  const [unit = '', ...keys] = path.split('.');
  const result = memberOf(results, unit);
  if (result === undefined) return 'no result';
  let value: Json | undefined = result;
  for (const key of keys) value = value === undefined ? undefined : memberOf(value, key);
  return value === undefined ? 'not in the result' : textOf(value);
}

function memberOf(value: Json, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const members: ReadonlyMap<string, Json | undefined> = new Map(Object.entries(value));
  return members.get(key);
}

function textOf(value: Json): string {
  if (typeof value === 'number') return String(rounded(value));
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** Digits that a person reads; a Julian date keeps its second. */
function rounded(value: number): number {
  return Math.abs(value) >= 1 ? Number(value.toFixed(5)) : Number(value.toPrecision(5));
}
