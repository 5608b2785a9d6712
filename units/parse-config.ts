import { z } from 'zod';
import { nearestName } from '../model/nearest-name.js';
import type { ConfigSchema } from './define.js';

/** What is wrong with a config, and where in it. */
export interface ConfigIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type ParsedConfig<Config extends ConfigSchema> =
  | { readonly ok: true; readonly config: z.output<Config> }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Checks a unit's config and fills in its defaults; no config at all counts as an empty one. Never throws. */
export function parseConfig<Config extends ConfigSchema>(
  unit: { readonly config: Config },
  config: unknown,
): ParsedConfig<Config> {
  const parsed = z.safeParse(unit.config, config ?? {}, { reportInput: true });
  if (parsed.success) return { ok: true, config: parsed.data };
  return { ok: false, issues: parsed.error.issues.flatMap((issue) => describeIssue(unit.config, issue)) };
}

/** One `ConfigIssue` for each problem; a misspelt key gets the place of the key itself. */
function describeIssue(schema: ConfigSchema, issue: z.core.$ZodIssue): ConfigIssue[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, path);
    return issue.keys.map((key) => ({ path: [...path, key], message: unknownKey(key, known) }));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map(({ message }) => ({ path, message: `this key is not allowed: ${message}` }));
  }
  if (issue.code === 'invalid_type') {
    const found = issue.input === undefined ? 'missing' : `found ${excerpt(issue.input)}`;
    return [{ path, message: `${found}, expected ${issue.expected}` }];
  }
  const found = issue.input === undefined || issue.code === 'custom' ? '' : `, found ${excerpt(issue.input)}`;
  return [{ path, message: `${issue.message}${found}` }];
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearestName(key, known);
  return meant === undefined
    ? `unknown key "${key}"; known: ${known.join(', ') || 'none'}`
    : `unknown key "${key}"; did you mean "${meant}"?`;
}

/** The keys that the object at `path` may have, read from the schema's JSON form. */
function keysAt(schema: ConfigSchema, path: readonly (string | number)[]): readonly string[] {
  let node: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  for (const step of path) {
    node =
      member(member(node, 'properties'), String(step)) ?? member(node, 'additionalProperties') ?? member(node, 'items');
  }
  const properties = member(node, 'properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function member(node: unknown, key: string): unknown {
  return typeof node === 'object' && node !== null && Object.hasOwn(node, key) ? Reflect.get(node, key) : undefined;
}

const EXCERPT_LETTERS = 60;

function excerpt(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : jsonText(value);
  return text.length > EXCERPT_LETTERS ? `${text.slice(0, EXCERPT_LETTERS)}…` : text;
}

/** `NaN` and functions have no JSON text of their own. */
function jsonText(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
