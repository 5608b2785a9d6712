import * as wf from '@temporalio/workflow';
import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { earliestDueJd, splitDue, type Deadline } from '../model/deadline.js';
import { jdOfUnixMs, nightOfJd, unixMsOfJd } from '../model/julian-date.js';
import type {
  Clock,
  DecideActivities,
  DetectionRef,
  FailedTask,
  ReactActivities,
  UnitActivities,
  UnitTask,
} from '../model/transient.js';
import { TASK_QUEUE } from '../model/workflow-names.js';
import { searchAttribute } from './search-attributes.js';

// ---------------------------------------------------------------- messages

/** Alerts of this object that a channel wants or follows. Only queued; a repeated one is dropped. */
export const detectionsSignal = wf.defineSignal<[readonly DetectionRef[]]>('detections');
/** Event time of the stream that this object came from: what is due by then falls due. */
export const clockSignal = wf.defineSignal<[number]>('clock');
/** Runs a unit again that failed for good; who and why stays in the history. Answers how many computations are queued. */
export const rerunUpdate = wf.defineUpdate<number, [{ unit: string; requestedBy: string; reason: string }]>('rerun');
export const statusQuery = wf.defineQuery<TransientStatus>('status');

export interface TransientStatus {
  readonly alerts: number;
  readonly queued: number;
  readonly running: readonly string[];
  readonly failed: readonly FailedTask[];
  readonly waiting: readonly { readonly rule: string; readonly dueJd: number }[];
}

export interface TransientInput {
  readonly survey: string;
  readonly objectId: string;
  readonly stock: string;
  readonly clock: Clock;
  /** History length at which the run continues as new; a server suggests it much later than replay stays quick. */
  readonly maxHistoryEvents?: number;
  /** Wall time without news after which the transient closes; the next detection reopens it. */
  readonly quietMs?: number;
  readonly carried?: Carried;
}

/** Plain JSON only: what a run hands to the next. */
interface Carried {
  readonly alerts: number;
  readonly queue: readonly DetectionRef[];
  readonly seen: readonly string[];
  readonly pending: readonly Deadline[];
  readonly settled: readonly string[];
  readonly failed: readonly FailedTask[];
  readonly tasks: readonly UnitTask[];
  readonly reactions: readonly Deadline[];
  readonly streamJd: number;
}

// ---------------------------------------------------------------- limits

/** Replay costs about 0.3 ms an event: a thousand events stay under half a second. */
const MAX_HISTORY_EVENTS = 1_000;
/** With work still under way the run goes on this far before that work is cancelled and carried over. */
const HARD_HISTORY_EVENTS = 5_000;
/** Redelivered alerts are recent ones; the store drops older ones. */
const MAX_SEEN = 500;
const QUIET_LIVE_MS = 30 * 86_400_000;
/** An archive passes in minutes; what comes later reopens the transient. */
const QUIET_STREAM_MS = 10 * 60_000;

const { decide } = wf.proxyLocalActivities<DecideActivities>({
  startToCloseTimeout: '30s',
  // A store that is away for an hour must not lose a decision: retried for as long as the transient lives.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '20s' },
  localRetryThreshold: '30s',
});

const { runUnit } = wf.proxyActivities<UnitActivities>({
  taskQueue: TASK_QUEUE.t2,
  startToCloseTimeout: '10 minutes',
  // Days, not attempts: on-call can only reset an activity that is still pending.
  scheduleToCloseTimeout: '3 days',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 2,
    maximumInterval: '10 minutes',
    nonRetryableErrorTypes: ['UnitFailed'],
  },
});

const { react } = wf.proxyActivities<ReactActivities>({
  taskQueue: TASK_QUEUE.t3,
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '3 days',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 2,
    maximumInterval: '10 minutes',
    nonRetryableErrorTypes: ['ReactionRefused'],
  },
});

/** One object of the sky, from its first accepted alert until it has been quiet for long. */
export async function transient(input: TransientInput): Promise<void> {
  const { carried, clock } = input;
  const queue: DetectionRef[] = [...(carried?.queue ?? [])];
  let seen = new Set(carried?.seen ?? []);
  let pending: readonly Deadline[] = carried?.pending ?? [];
  let settled: readonly string[] | undefined = carried?.settled;
  let alerts = carried?.alerts ?? 0;
  let streamJd = carried?.streamJd ?? 0;
  let lastNewsMs = Date.now();
  const failed = new Map((carried?.failed ?? []).map((task) => [task.key, task]));
  const running = new Map<string, UnitTask>();
  const reacting = new Map<string, Deadline>();
  const reruns: FailedTask[] = [];
  const background = new wf.CancellationScope();
  const isLive = clock === 'live';
  const quietMs = input.quietMs ?? (isLive ? QUIET_LIVE_MS : QUIET_STREAM_MS);

  // ---------------------------------------------------------------- handlers

  wf.setHandler(
    detectionsSignal,
    (detections) => {
      for (const detection of detections) {
        if (seen.has(detection.alertId)) continue; // a stream delivers at least once
        seen.add(detection.alertId);
        queue.push(detection);
      }
      lastNewsMs = Date.now();
    },
    { description: 'New alerts of this object, by reference' },
  );
  wf.setHandler(
    clockSignal,
    (jd) => {
      streamJd = Math.max(streamJd, jd);
      lastNewsMs = Date.now();
    },
    { description: 'Event time of the stream (Julian date): what is due by then falls due' },
  );
  wf.setHandler(
    rerunUpdate,
    ({ unit }) => {
      const again = [...failed.values()].filter((task) => task.unit === unit);
      reruns.push(...again);
      return again.length;
    },
    {
      description: 'Run a unit again that failed for good: {unit, requestedBy, reason}',
      validator: ({ unit, requestedBy, reason }) => {
        if (![...failed.values()].some((task) => task.unit === unit)) {
          throw ApplicationFailure.nonRetryable(`${unit} has not failed on ${input.objectId}`, 'NotFailed');
        }
        if (!requestedBy || !reason)
          throw ApplicationFailure.nonRetryable('requestedBy and reason are required', 'BadRequest');
      },
    },
  );
  wf.setHandler(statusQuery, () => ({
    alerts,
    queued: queue.length,
    running: [...running.values()].map((task) => task.unit),
    failed: [...failed.values()],
    waiting: pending.map(({ rule, dueJd }) => ({ rule, dueJd })),
  }));

  // ---------------------------------------------------------------- work that nothing waits for

  function startUnit(task: UnitTask): void {
    running.set(task.key, task);
    void background.run(async () => {
      try {
        const outcome = await runUnit.executeWithOptions({ summary: `${task.unit} on state ${task.link}` }, [
          { survey: input.survey, objectId: input.objectId, stock: input.stock, clock, task },
        ]);
        if (failed.delete(task.key)) noteFailures();
        addPending(outcome.deadlines);
      } catch (error) {
        if (wf.isCancellation(error)) return; // carried over to the next run
        if (!(error instanceof ActivityFailure)) throw error;
        failed.set(task.key, { ...task, error: error.cause?.message ?? error.message });
        noteFailures();
      }
      running.delete(task.key);
    });
  }

  function startReaction(deadline: Deadline): void {
    reacting.set(deadline.key, deadline);
    void background.run(async () => {
      try {
        await react.executeWithOptions(
          { summary: `${deadline.channel}: ${deadline.rule} (set off by alert ${deadline.alertId})` },
          [{ survey: input.survey, objectId: input.objectId, stock: input.stock, deadline }],
        );
      } catch (error) {
        if (wf.isCancellation(error)) return;
        // The reaction's document says what went wrong; nothing else of the object is held up by it.
        if (!(error instanceof ActivityFailure)) throw error;
      }
      reacting.delete(deadline.key);
    });
  }

  function noteFailures(): void {
    const units = [...new Set([...failed.values()].map((task) => task.unit))];
    wf.upsertSearchAttributes([
      { key: searchAttribute.failedUnits, value: units },
      { key: searchAttribute.stage, value: units.length > 0 ? 'failed unit' : 'following' },
    ]);
  }

  // ---------------------------------------------------------------- time

  function addPending(deadlines: readonly Deadline[]): void {
    const known = new Set([...(settled ?? []), ...pending.map(({ key }) => key)]);
    const added = deadlines.filter(({ key }) => !known.has(key));
    pending = [...pending, ...added];
    settled = [...(settled ?? []), ...added.map(({ key }) => key)];
  }

  const nowJd = (): number => (isLive ? jdOfUnixMs(Date.now()) : streamJd);
  const hasDue = (): boolean => (earliestDueJd(pending) ?? Infinity) <= nowJd();
  const isIdle = (): boolean => pending.length + queue.length + reruns.length + running.size + reacting.size === 0;
  const nextWakeMs = (): number => {
    const dueJd = isLive ? earliestDueJd(pending) : undefined;
    return Math.min(lastNewsMs + quietMs, dueJd === undefined ? Infinity : unixMsOfJd(dueJd));
  };

  // One timer that is left running and looks again when it fires: re-arming it at each signal would cost three events.
  let timerAtMs = Infinity;
  let timerFired = false;
  const timers = new wf.CancellationScope();
  function ensureTimer(): void {
    const wakeMs = nextWakeMs();
    if (wakeMs >= timerAtMs) return;
    timerAtMs = wakeMs;
    const dueJd = isLive ? earliestDueJd(pending) : undefined;
    const first = pending.find((deadline) => deadline.dueJd === dueJd);
    const summary =
      first === undefined ? 'close if quiet until then' : `${first.channel}: ${first.rule} unless called off`;
    void timers.run(async () => {
      try {
        await wf.sleep(Math.max(1, wakeMs - Date.now()), { summary });
      } catch (error) {
        if (wf.isCancellation(error)) return;
        throw error;
      }
      if (timerAtMs === wakeMs) timerAtMs = Infinity;
      timerFired = true;
    });
  }

  // ---------------------------------------------------------------- main loop

  for (const task of carried?.tasks ?? []) startUnit(task);
  for (const deadline of carried?.reactions ?? []) startReaction(deadline);

  const historyIsLong = (): boolean => {
    const { continueAsNewSuggested, historyLength } = wf.workflowInfo();
    if (!continueAsNewSuggested && historyLength <= (input.maxHistoryEvents ?? MAX_HISTORY_EVENTS)) return false;
    return running.size + reacting.size === 0 || historyLength > HARD_HISTORY_EVENTS;
  };

  while (!historyIsLong()) {
    if (isIdle() && Date.now() >= lastNewsMs + quietMs) break;
    ensureTimer();
    await wf.condition(() => queue.length + reruns.length > 0 || hasDue() || timerFired || historyIsLong());
    timerFired = false;
    for (const { error: _, ...task } of reruns.splice(0)) startUnit(task);
    const detections = queue.splice(0);
    if (detections.length > 0) {
      const outcome = await decide.executeWithOptions({ summary: decideSummary(detections) }, [
        { survey: input.survey, objectId: input.objectId, stock: input.stock, detections, clock, pending, settled },
      ]);
      alerts += detections.length;
      // Deadlines that units set meanwhile are not in the outcome.
      const known = new Set(outcome.settled);
      const meanwhile = pending.filter(({ key }) => !known.has(key));
      pending = [...outcome.pending, ...meanwhile];
      settled = [...outcome.settled, ...meanwhile.map(({ key }) => key)];
      for (const task of outcome.tasks) if (!running.has(task.key)) startUnit(task);
      for (const deadline of outcome.due) startReaction(deadline);
    }
    // Not before the queue is empty: an alert that came first is decided first.
    if (queue.length === 0 && hasDue()) {
      const { due, waiting } = splitDue(pending, nowJd());
      pending = waiting;
      for (const deadline of due) startReaction(deadline);
    }
  }

  // ---------------------------------------------------------------- end of this run

  const tasks = [...running.values()];
  const reactions = [...reacting.values()];
  background.cancel();
  timers.cancel();
  await wf.condition(wf.allHandlersFinished);
  // Nothing may be awaited between here and the end, or a signal could be lost.
  if (isIdle() && tasks.length + reactions.length === 0 && !historyIsLong()) return;
  seen = new Set([...seen].slice(-MAX_SEEN));
  await wf.continueAsNew<typeof transient>({
    ...input,
    carried: {
      alerts,
      queue,
      seen: [...seen],
      pending,
      settled: settled ?? [],
      failed: [...failed.values()],
      tasks: [...tasks, ...reruns],
      reactions,
      streamJd,
    },
  });
}

function decideSummary(detections: readonly DetectionRef[]): string {
  const channels = [...new Set(detections.flatMap((detection) => detection.channels.map((ref) => ref.split('@')[0])))];
  const nights = [...new Set(detections.map((detection) => nightOfJd(detection.jd)))];
  const count = detections.length === 1 ? `alert ${detections[0]?.alertId ?? ''}` : `${detections.length} alerts`;
  return `decide on ${count} of ${nights.join(', ')} for ${channels.join(', ')}`.slice(0, 200);
}
