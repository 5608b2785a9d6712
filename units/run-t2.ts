import type { z } from 'zod';
import type { Json } from '../model/canonical-json.js';
import type { T2Unit } from './define.js';

/** A result is a document of the data base, shown in a page: whoever needs more stores a file and names it. */
export const MAX_RESULT_BYTES = 1_000_000;

/** The unit gave what it does not declare, or what cannot be stored. */
export class BadResult extends Error {
  override readonly name = 'BadResult';
}

/** Checks what a T2 unit gave. Throws `BadResult`, which names place and value: a NaN, a missing field, too much. */
export function checkedResult(unit: Pick<T2Unit, 'name' | 'result'>, given: unknown): Json {
  if (given instanceof Promise) {
    // Nobody waits for it.
    given.catch(() => undefined);
    throw new BadResult(`${unit.name} gave a promise: declare it with defineRemoteT2`);
  }
  const parsed = unit.result.safeParse(given, { reportInput: true });
  if (!parsed.success)
    throw new BadResult(`${unit.name} gave a result other than it declares: ${issueText(parsed.error)}`);
  const fault = storageFault(parsed.data);
  if (fault !== undefined) throw new BadResult(`${unit.name} gave what cannot be stored: ${fault}`);
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (bytes > MAX_RESULT_BYTES) {
    throw new BadResult(`${unit.name} gave ${bytes} bytes, expected ${MAX_RESULT_BYTES} at most`);
  }
  return parsed.data;
}

/** The data base takes some 100 levels, of which a result is part. */
const MAX_DEPTH = 50;

/** What of a value the data base would refuse or change, with its place: a schema may let anything through. */
function storageFault(value: unknown, place = '', depth = 0): string | undefined {
  const at = place === '' ? '' : ` at ${place}`;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `found ${value}${at}, expected a number`;
  if (typeof value !== 'object') return `found a ${typeof value}${at}, expected JSON`;
  if (depth >= MAX_DEPTH) return `found more than ${MAX_DEPTH} levels${at}`;
  const isPlain = Array.isArray(value) || [Object.prototype, null].includes(Object.getPrototypeOf(value) as object);
  if (!isPlain) return `found a ${value.constructor.name}${at}, expected JSON`;
  if ('$ref' in value && '$id' in value) return `found $ref beside $id${at}, which the data base takes for a pointer`;
  for (const [key, inner] of Object.entries(value)) {
    // What is undefined is left out, as in JSON.
    if (inner === undefined && !Array.isArray(value)) continue;
    const innerPlace = place === '' ? key : `${place}.${key}`;
    const fault = keyFault(key) ?? storageFault(inner, innerPlace, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function keyFault(key: string): string | undefined {
  if (key.includes('\0')) return 'found a key with a NUL';
  return key === '_bsontype' ? 'found a key _bsontype, which is the data base’s own' : undefined;
}

function issueText({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'no JSON';
  const place = issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
  const found = typeof issue.input === 'number' ? `found ${issue.input}, ` : '';
  return `${found}${issue.message}${place}`;
}
