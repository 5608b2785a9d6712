import { RESULT_CODE, type ResultDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { NeededResults } from '../units/define.js';
import { neededKeys, type Target } from './t2-work.js';
import type { ResultCode } from './write-result.js';

export type Gathered =
  | { readonly ok: true; readonly results: NeededResults }
  | { readonly ok: false; readonly code: ResultCode; readonly message: string };

/**
 * The results that a tied unit builds on, from the store. One that failed or is not there fails the unit too, with AMPEL's
 * codes; of several states, those that gave a result are enough.
 */
export async function gatherNeeded(store: Store, target: Pick<Target, 'needs'>): Promise<Gathered> {
  const { needs } = target;
  if (needs.length === 0) return { ok: true, results: {} };
  const documents = await store.results.find({ _id: { $in: neededKeys(target) } }).toArray();
  const byKey = new Map(documents.map((document) => [document._id, document]));
  const results: Record<string, NeededResults[string]> = {};
  for (const { need, targets } of needs) {
    const { unit, of } = need;
    if (targets.length === 0) {
      return {
        ok: false,
        code: RESULT_CODE.missingInfo,
        message: `needs ${unit}, and no datapoint is selected for it`,
      };
    }
    const found = targets.flatMap(({ key }) => byKey.get(key) ?? []);
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
