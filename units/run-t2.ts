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
  const bytes = JSON.stringify(parsed.data).length;
  if (bytes > MAX_RESULT_BYTES) {
    throw new BadResult(`${unit.name} gave ${bytes} bytes, expected ${MAX_RESULT_BYTES} at most`);
  }
  return parsed.data;
}

function issueText({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'no JSON';
  const place = issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
  const found = typeof issue.input === 'number' ? `found ${issue.input}, ` : '';
  return `${found}${issue.message}${place}`;
}
