import { z } from 'zod';

const described = z.looseObject({
  type: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
});

/** What a unit's results can have, as JSON Schema; undefined where that is not known. */
export type ResultShape = unknown;

/** The shape of what a T2 unit gives. */
export function shapeOf(result: z.ZodType): ResultShape {
  return z.toJSONSchema(result, { io: 'output', unrepresentable: 'any' });
}

/**
 * The keys that can stand under these: `known`, and whether others can too (`isOpen`). Undefined where there is nothing under
 * them, as they name a number, a text or a list.
 */
export function keysUnder(
  shape: ResultShape,
  keys: readonly string[],
): { readonly known: readonly string[]; readonly isOpen: boolean } | undefined {
  let shapes = branchesOf(shape);
  for (const key of keys) shapes = shapes.flatMap((one) => under(one, key));
  const found = shapes.map(levelOf).filter((level) => level !== undefined);
  if (found.length === 0) return undefined;
  return { known: [...new Set(found.flatMap(({ known }) => known))], isOpen: found.some(({ isOpen }) => isOpen) };
}

type Described = z.output<typeof described>;

/** Of a union each of its members. */
function branchesOf(shape: unknown): Described[] {
  const { data } = described.safeParse(shape);
  if (data === undefined) return [{}];
  const branches = data.anyOf ?? data.allOf;
  return branches === undefined ? [data] : branches.flatMap(branchesOf);
}

function under({ properties, additionalProperties, type }: Described, key: string): Described[] {
  const own = properties?.[key];
  if (own !== undefined) return branchesOf(own);
  if (additionalProperties !== undefined && additionalProperties !== false) return branchesOf(additionalProperties);
  return type === undefined ? [{}] : [];
}

function levelOf({ type, properties, additionalProperties }: Described): ReturnType<typeof keysUnder> {
  if (type === undefined && properties === undefined) return { known: [], isOpen: true };
  if (type !== 'object') return undefined;
  const isClosed = additionalProperties === false || (additionalProperties === undefined && properties !== undefined);
  return { known: Object.keys(properties ?? {}), isOpen: !isClosed };
}
