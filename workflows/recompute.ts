import * as wf from '@temporalio/workflow';
import type {
  RecomputeActivities,
  Recomputation,
  RecomputeCursor,
  RecomputeProgress,
  RecomputeRequest,
  RecomputeStatus,
} from '../model/recompute.js';
import type { UnitActivities } from '../model/transient.js';
import { LONGEST_RUN_MS, unitTimeoutMs } from '../model/unit-limits.js';
import { TASK_QUEUE, t2Queue } from '../model/workflow-names.js';
import { RecomputeQueue } from './recompute-queue.js';
import { searchAttribute } from './search-attributes.js';
import { settled } from './settled-activity.js';

// ---------------------------------------------------------------- messages

/** Begins no further computation; what runs is finished. */
export const pauseRecomputeSignal = wf.defineSignal('pause');
export const resumeRecomputeSignal = wf.defineSignal('resume');
export const recomputeStatusQuery = wf.defineQuery<RecomputeStatus>('progress');

// ---------------------------------------------------------------- activities and limits

/** The last of five: what comes from the sky is served first (live work has 3). */
const PRIORITY = { priorityKey: 5 };
/** A portion makes some hundred events. */
const MAX_HISTORY_EVENTS = 2_000;
/** Where workers are slower than the rate, no more wait at their door. */
const MAX_UNDER_WAY = 100;

const { findOutdated } = wf.proxyActivities<RecomputeActivities>({
  taskQueue: TASK_QUEUE.workflows,
  // It looks for 20 s, and then ends the objects that it has read.
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1s', maximumInterval: '1 minute' },
  priority: PRIORITY,
});

const { runUnit } = wf.proxyActivities<UnitActivities>({
  taskQueue: TASK_QUEUE.t2,
  startToCloseTimeout: unitTimeoutMs(LONGEST_RUN_MS),
  heartbeatTimeout: '1 minute',
  retry: {
    initialInterval: '2s',
    // Four minutes of a service that is away: what is left is found when it is asked for again.
    maximumAttempts: 8,
    nonRetryableErrorTypes: ['UnitFailed'],
  },
  priority: PRIORITY,
});

// ---------------------------------------------------------------- workflow

const NOTHING: RecomputeProgress = { looked: 0, computed: 0, failed: 0 };

interface Run {
  readonly request: RecomputeRequest;
  progress: RecomputeProgress;
  state: RecomputeStatus['state'];
}

/**
 * Computes the results that channels ask for and that are not there, at a rate of its own. `after` and `soFar` are what one
 * run hands to the next.
 */
export async function recompute(
  request: RecomputeRequest,
  after?: RecomputeCursor,
  soFar: RecomputeProgress = NOTHING,
): Promise<RecomputeProgress> {
  const run: Run = { request, progress: soFar, state: 'running' };
  handleMessages(run);
  try {
    for (let next = after; ;) {
      await resumed(run);
      const summary = `objects after ${next?.stock ?? 'the first'}`;
      const portion = await findOutdated.executeWithOptions({ summary }, [request, next]);
      await runAll(run, portion.runs);
      note(run, { looked: run.progress.looked + portion.looked });
      next = portion.next;
      if (next === undefined) break;
      if (wf.workflowInfo().historyLength > MAX_HISTORY_EVENTS) {
        await resumed(run);
        await wf.continueAsNew<typeof recompute>(request, next, run.progress);
      }
    }
  } catch (error) {
    if (wf.isCancellation(error)) turnTo(run, 'cancelled');
    throw error;
  }
  turnTo(run, 'finished');
  return run.progress;
}

// ---------------------------------------------------------------- handlers

function handleMessages(run: Run): void {
  const description = 'Begin no further computation; what runs is finished';
  const turn = (state: Run['state']) => (): void => {
    turnTo(run, state);
  };
  wf.setHandler(pauseRecomputeSignal, turn('paused'), { description });
  wf.setHandler(resumeRecomputeSignal, turn('running'), { description: 'Go on' });
  wf.setHandler(recomputeStatusQuery, () => ({ state: run.state, ...run.progress }), { description: 'How far it is' });
}

function turnTo(run: Run, state: Run['state']): void {
  if (run.state === state) return;
  run.state = state;
  wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: state }]);
}

async function resumed(run: Run): Promise<void> {
  if (run.state === 'paused') await wf.condition(() => run.state !== 'paused');
}

function note(run: Run, more: Partial<RecomputeProgress>): void {
  run.progress = { ...run.progress, ...more };
  const { looked, computed, failed } = run.progress;
  const { requestedBy, reason } = run.request;
  wf.setCurrentDetails(
    `${looked} states looked at, ${computed} results computed, ${failed} failed. Asked for by ${requestedBy}: ${reason}`,
  );
}

// ---------------------------------------------------------------- computations

/** What a unit needs comes before it; what does not depend on each other runs side by side, so many begun a second. */
async function runAll(run: Run, runs: readonly Recomputation[]): Promise<void> {
  const { perSecond } = run.request;
  const queue = new RecomputeQueue(runs, Math.max(MAX_UNDER_WAY, perSecond));
  while (!queue.isDone) {
    await resumed(run);
    const next = queue.take(perSecond);
    for (const one of next) void compute(run, queue, one);
    if (next.length > 0) await wf.sleep('1s', { summary: `at most ${perSecond} begin a second` });
    else await wf.condition(() => queue.canTake || queue.isDone);
  }
}

/** What fails holds up nothing; the result's document tells why. */
async function compute(run: Run, queue: RecomputeQueue, one: Recomputation): Promise<void> {
  const { unit, kind, link, group, timeoutMs, key } = one.task;
  const { requestedBy, reason } = run.request;
  const options = {
    summary: `${unit} on ${kind ?? 'state'} ${link}`,
    ...(group !== undefined && { taskQueue: t2Queue(group) }),
    ...(timeoutMs !== undefined && { startToCloseTimeout: unitTimeoutMs(timeoutMs) }),
  };
  const asked = { by: requestedBy, why: reason };
  const { outcome } = await settled(runUnit.executeWithOptions(options, [{ ...one, asked }]));
  if (outcome === 'done') note(run, { computed: run.progress.computed + 1 });
  if (outcome === 'failed') note(run, { failed: run.progress.failed + 1 });
  queue.end(key);
}
