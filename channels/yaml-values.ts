import { z } from 'zod';
import { nearestName } from '../model/nearest-name.js';

/** A text of that form. Unlike `z.string`, it tells who writes `version: 1.0` what is wanted, not only that it is text. */
export function text(pattern: RegExp, expected: string): z.ZodCustom<string, string> {
  return z
    .custom<string>((value) => typeof value === 'string' && pattern.test(value), {
      error: ({ input }) => `${input === undefined ? 'missing' : `found ${shown(input)}`}, expected ${expected}`,
    })
    .meta({ type: 'string', pattern: pattern.source });
}

function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'a mapping';
  return JSON.stringify(value).slice(0, 80);
}

export function oneOf<const Names extends readonly string[]>(
  names: Names,
): z.ZodEnum<z.core.util.ToEnum<Names[number]>> {
  return z.enum(names, { error: ({ input }) => expectation(names.join(' or '), names, input) });
}

export function expectation(expected: string, names: readonly string[], input: unknown): string {
  if (input === undefined) return `missing, expected ${expected}`;
  const meant = typeof input === 'string' ? nearestName(input, names) : undefined;
  return `expected ${expected}${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`;
}
