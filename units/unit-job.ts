import type { Json } from '../model/canonical-json.js';
import { BadInput, TryAgain, type NeededResults, type T2Context, type T2Inputs, type T2Kind } from './define.js';
import type { Registry } from './registry.js';
import { BadResult, checkedResult } from './run-t2.js';

/** One run of a T2 unit, as it crosses to a thread: plain data. */
export interface UnitJob {
  readonly unit: string;
  readonly config: Json;
  readonly input: T2Inputs[T2Kind];
  readonly needed: NeededResults;
}

/** How a run can fail, for the one who decides whether to try again. */
export type FailureClass =
  /** The data cannot give a result. */
  | 'bad input'
  /** A service is away: a later attempt may do. */
  | 'try again'
  /** The unit gave what cannot be stored, or nothing in its time. */
  | 'bad result'
  /** The unit does not take this config. */
  | 'unfit config'
  /** The unit threw. */
  | 'exception';

export type UnitAnswer =
  | { readonly ok: true; readonly body: Json }
  | {
      readonly ok: false;
      readonly failure: FailureClass;
      readonly message: string;
      /** Of `try again`: the service's own wish. */
      readonly afterMs?: number;
    };

const MAX_MESSAGE_LETTERS = 2_000;

/** Runs a unit and classifies how it fails. Never throws. */
export async function runJob(registry: Registry, job: UnitJob, context: T2Context): Promise<UnitAnswer> {
  try {
    const unit = registry.t2(job.unit);
    const config = unit.config.safeParse(job.config);
    if (!config.success) {
      const [issue] = config.error.issues;
      const place = issue === undefined ? '' : `${issue.path.map(String).join('.')}: ${issue.message}`;
      return failure('unfit config', `its config does not fit version ${unit.version}: ${place}`);
    }
    const given = unit.run(job.input, config.data, job.needed, context);
    return { ok: true, body: checkedResult(unit, unit.cost === 'remote' ? await given : given) };
  } catch (error) {
    return classified(error);
  }
}

function classified(error: unknown): UnitAnswer {
  if (error instanceof BadInput) return failure('bad input', error.message);
  if (error instanceof BadResult) return failure('bad result', error.message);
  if (error instanceof TryAgain) {
    return { ...failure('try again', error.message), ...(error.afterMs !== undefined && { afterMs: error.afterMs }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return failure(isOfNetwork(error) ? 'try again' : 'exception', message);
}

/** What `fetch` throws where nobody answers, or not in time. */
function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.message === 'fetch failed' || error.name === 'AbortError' || error.name === 'TimeoutError';
}

/** A failed answer. */
export function failure(kind: FailureClass, message: string): Extract<UnitAnswer, { ok: false }> {
  return { ok: false, failure: kind, message: message.slice(0, MAX_MESSAGE_LETTERS) };
}
