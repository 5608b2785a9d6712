import { ApplicationFailure } from '@temporalio/common';
import { jdOfUnixMs } from '../model/julian-date.js';
import { runKey, type RunRequest, type ToldCounts } from '../model/periodic-run.js';
import type { ReactRequest } from '../model/transient.js';
import type { RunObjectDocument } from '../store/run-documents.js';
import type { ReactDeps } from './carry-out.js';
import { later } from './reaction-failure.js';
import { react } from './react.js';

/** Messages under way at once: receivers ask to be spared. */
const AT_ONCE = 4;

/**
 * Tells of each object of a run by itself, some at once. One that fails for good is counted and disturbs no other; those that are
 * to be tried again make the whole be tried again, in which what was told is not told once more.
 */
export async function tellEach(
  deps: ReactDeps,
  request: RunRequest,
  { from, to }: { readonly from: number; readonly to: number },
  beat: (done: number) => void,
): Promise<ToldCounts> {
  const run = runKey(request);
  const objects = await deps.store.runObjects
    .find({ run, place: { $gte: from, $lt: to } })
    .sort({ place: 1 })
    .toArray();
  const counts: Record<string, number> = {};
  const again: unknown[] = [];
  let done = 0;
  const rest = objects.values();
  const lane = async (): Promise<void> => {
    for (const object of rest) {
      try {
        const { state } = await react(deps, reactRequest(request, object));
        counts[state] = (counts[state] ?? 0) + 1;
      } catch (error) {
        const ended = endOf(error);
        if (ended === undefined) again.push(error);
        else counts[ended] = (counts[ended] ?? 0) + 1;
      }
      done += 1;
      beat(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (again.length > 0) throw onceMore(again, objects.length);
  return counts;
}

function reactRequest(request: RunRequest, object: RunObjectDocument): ReactRequest {
  const { channel, channelHash, rule, dueMs } = request;
  const { _id: key, survey, stock, objectId, alertId, link, jd } = object;
  return {
    ...{ survey, stock, objectId },
    deadline: { key, channel, channelHash, rule, alertId, setJd: jd, link, dueJd: jdOfUnixMs(dueMs) },
  };
}

/** What a reaction has come to that is not tried again. */
function endOf(error: unknown): string | undefined {
  if (!(error instanceof ApplicationFailure) || error.nonRetryable !== true) return undefined;
  return error.type === 'OutcomeUnknown' ? 'outcome unknown' : 'failed';
}

/** As soon as the first of them wants. */
function onceMore(errors: readonly unknown[], of: number): ApplicationFailure {
  const waits = errors.map((error) =>
    error instanceof ApplicationFailure ? Number(error.nextRetryDelay) : Number.NaN,
  );
  const [first] = errors;
  const message = first instanceof Error ? first.message : String(first);
  return later(
    `${errors.length} of ${of} are to be tried again: ${message}`,
    waits.some((wait) => Number.isNaN(wait)) ? undefined : Math.min(...waits),
  );
}
