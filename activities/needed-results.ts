import type { T2Use } from '../model/channel.js';
import { RESULT_CODE, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { NeededResults } from '../units/define.js';
import type { ResultCode } from './write-result.js';

export type GatheredResults = NeededResults;

export type Gathered =
  | { readonly ok: true; readonly results: NeededResults }
  | { readonly ok: false; readonly code: ResultCode; readonly message: string };

/**
 * The results that a tied unit builds on, from the store. One that failed or is not there fails the unit too, with AMPEL's
 * codes; of several states, those that gave a result are enough.
 */
export async function gatherNeeded(store: Store, { needs = [] }: T2Use, keys: readonly string[]): Promise<Gathered> {
  if (needs.length === 0) return { ok: true, results: {} };
  const documents = await store.results.find({ _id: { $in: [...keys] } }).toArray();
  const byKey = new Map(documents.map((document) => [document._id, document]));
  const inOrder = keys.flatMap((key) => byKey.get(key) ?? []);
  const results: Record<string, NeededResults[string]> = {};
  for (const { unit, configHash, of } of needs) {
    const found = inOrder.filter((one) => one.unit === unit && one.configHash === configHash);
    const failed = found.find(({ code }) => code !== RESULT_CODE.ok);
    const good = found.filter(({ code }) => code === RESULT_CODE.ok);
    if (good.length === 0 || (of !== 'states' && failed !== undefined)) {
      return { ok: false, ...whyNot(unit, failed) };
    }
    results[unit] = good.map(({ link, body }) => ({ link, body }));
  }
  return { ok: true, results };
}

function whyNot(unit: string, failed: ResultDocument | undefined): { code: ResultCode; message: string } {
  if (failed === undefined) {
    return { code: RESULT_CODE.missingDependency, message: `needs a result of ${unit}, and there is none` };
  }
  const { code, error = '' } = failed;
  // Data that cannot give what is built on cannot give what builds on it.
  if (code === RESULT_CODE.missingInfo) return { code, message: `needs ${unit}, which gave none: ${error}` };
  return { code: RESULT_CODE.failedDependency, message: `needs ${unit}, which failed: ${error}` };
}
