import { ApplicationFailure } from '@temporalio/common';
import * as wf from '@temporalio/workflow';
import type { Deadline } from '../model/deadline.js';
import { nightOfJd } from '../model/julian-date.js';
import type { DecideActivities, DetectionRef, ReactActivities, UnitActivities } from '../model/transient.js';
import { LONGEST_RUN_MS, unitTimeoutMs } from '../model/unit-limits.js';
import { TASK_QUEUE, t2Queue } from '../model/workflow-names.js';
import { detectionRefs } from './decision-queue.js';
import { searchAttribute } from './search-attributes.js';
import { settled } from './settled-activity.js';
import { TransientState, type TransientInput, type TransientStatus } from './transient-state.js';
import { decideSummary, reactionSummary, transientDetails, unitSummary, wakeSummary } from './transient-words.js';
import type { QueuedTask } from './unit-ledger.js';
import { WakeTimer } from './wake-timer.js';

// ---------------------------------------------------------------- messages

/** Alerts of this object that a channel wants or follows. Only queued; a repeated one is dropped. */
export const detectionsSignal = wf.defineSignal<[readonly DetectionRef[]]>('detections');

/** Event time of the stream that this object came from (Julian date): what is due by then falls due. */
export const clockSignal = wf.defineSignal<[number]>('clock');

/** Who wants a unit run again, and why: both stay in the history. */
export interface RerunRequest {
  readonly unit: string;
  readonly requestedBy: string;
  readonly reason: string;
}

/** Runs a unit again that failed for good. Answers how many computations are queued. */
export const rerunUpdate = wf.defineUpdate<number, [RerunRequest]>('rerun');

/** A reaction that a person wants sent again, who, and why. */
export interface ReactAgainRequest {
  readonly deadline: Deadline;
  readonly requestedBy: string;
  readonly reason: string;
}

/** Carries out a reaction again whose document says that it may be sent. */
export const reactAgainUpdate = wf.defineUpdate<boolean, [ReactAgainRequest]>('reactAgain');

/** A reaction that waits for a person, and what that person says. */
export interface ApproveRequest {
  readonly deadline: Deadline;
  readonly granted: boolean;
  readonly requestedBy: string;
  readonly reason: string;
}

/** Lets a reaction be sent that waits for that, or calls it off. False where it is under way. */
export const approveUpdate = wf.defineUpdate<boolean, [ApproveRequest]>('approve');

export const statusQuery = wf.defineQuery<TransientStatus>('status');

/** Synchronous, because the SDK does not wait for a validator: a rejected promise would let the update through. */
function validateRerun(state: TransientState, { unit, requestedBy, reason }: RerunRequest): void {
  if (!requestedBy || !reason) {
    throw ApplicationFailure.nonRetryable('requestedBy and reason are required', 'RerunRefused');
  }
  const problem = state.units.rerunProblem(unit);
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'RerunRefused');
}

/** Who reads the history in a year wants to know. */
function requireReason({ requestedBy, reason }: Pick<ApproveRequest, 'requestedBy' | 'reason'>): void {
  if (requestedBy && reason) return;
  throw ApplicationFailure.nonRetryable('requestedBy and reason are required', 'UpdateRefused');
}

// ---------------------------------------------------------------- activities and limits

const { decide } = wf.proxyLocalActivities<DecideActivities>({
  // A decision takes milliseconds; a store that has lost its primary answers after 10 s.
  startToCloseTimeout: '30s',
  // A lost connection is back at once and costs no event. What takes longer waits for a timer, which costs six.
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumAttempts: 3 },
});

const { runUnit } = wf.proxyActivities<UnitActivities>({
  taskQueue: TASK_QUEUE.t2,
  // The slowest fits take a minute; a unit may ask for another limit. What it has no result within, the activity itself ends.
  startToCloseTimeout: unitTimeoutMs(LONGEST_RUN_MS),
  // A worker that was killed is replaced after this long; a unit that blocks its process for longer counts as killed.
  heartbeatTimeout: '1 minute',
  // Days, not attempts: on-call can only reset an activity that is still pending.
  scheduleToCloseTimeout: '3 days',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 2,
    // Soon enough after a repair, rare enough in an outage.
    maximumInterval: '10 minutes',
    // The unit itself has failed, which it would do again.
    nonRetryableErrorTypes: ['UnitFailed'],
  },
});

const { react } = wf.proxyActivities<ReactActivities>({
  taskQueue: TASK_QUEUE.t3,
  // One message to one receiver.
  startToCloseTimeout: '1 minute',
  // After three days nobody wants the alert any more.
  scheduleToCloseTimeout: '3 days',
  retry: {
    initialInterval: '2s',
    backoffCoefficient: 2,
    maximumInterval: '10 minutes',
    // The receiver has answered, and the answer is no.
    nonRetryableErrorTypes: ['ReactionRefused'],
  },
});

/** Replay costs about 0.3 ms an event: a thousand events stay under half a second. */
const MAX_HISTORY_EVENTS = 1_000;
/** With work under way the run goes on this many times longer, before that work is started again in the next run. */
const PATIENCE = 5;

interface Run {
  readonly input: TransientInput;
  readonly state: TransientState;
  readonly timer: WakeTimer;
  /** The search attributes as they stand. */
  noted: { readonly stage: string; readonly failedUnits: readonly string[] };
}

// ---------------------------------------------------------------- workflow

/** One object of the sky, from its first accepted alert until it has been quiet for long. */
export async function transient(input: TransientInput): Promise<void> {
  const state = new TransientState(input, Date.now());
  const timer = new WakeTimer(() => {
    state.wake();
  });
  const run: Run = { input, state, timer, noted: attributesOf(state) };
  handleMessages(state);
  while (!mustContinueAsNew(run)) {
    startWork(run);
    noteWhereItStands(run);
    const acted = state.changes;
    await wf.condition(() => state.changes !== acted);
    if (state.isQuiet(Date.now())) return;
  }
  // Nothing is awaited since the last look at the state, so no signal is lost. The pending activities of this run are dropped.
  await wf.continueAsNew<typeof transient>({ ...input, carried: state.carried() });
}

function mustContinueAsNew({ input, state }: Run): boolean {
  // Its result is a moment away, and would be lost.
  if (state.queue.isDeciding) return false;
  const { continueAsNewSuggested, historyLength } = wf.workflowInfo();
  const maxEvents = input.maxHistoryEvents ?? MAX_HISTORY_EVENTS;
  if (continueAsNewSuggested || historyLength > PATIENCE * maxEvents) return true;
  return historyLength > maxEvents && !state.isWorking;
}

// ---------------------------------------------------------------- handlers: they only queue

function handleMessages(state: TransientState): void {
  wf.setHandler(
    detectionsSignal,
    (detections) => {
      state.addDetections(detectionRefs(detections), Date.now());
    },
    { description: 'New alerts of this object, by reference' },
  );
  wf.setHandler(
    clockSignal,
    (jd) => {
      state.advanceClock(jd, Date.now());
    },
    { description: 'Event time of the stream (Julian date): what is due by then falls due' },
  );
  wf.setHandler(rerunUpdate, ({ unit, requestedBy, reason }) => state.rerun(unit, `${reason} (${requestedBy})`), {
    description: 'Run a unit again that failed for good: {unit, requestedBy, reason}',
    validator: (request: RerunRequest) => {
      validateRerun(state, request);
    },
  });
  wf.setHandler(reactAgainUpdate, ({ deadline }) => state.reactAgain(deadline), {
    description: 'Carry out a reaction again: {deadline, requestedBy, reason}',
    validator: requireReason,
  });
  const approve = ({ deadline, granted, requestedBy: by, reason: why }: ApproveRequest): boolean =>
    state.approve(deadline, { granted, by, why });
  wf.setHandler(approveUpdate, approve, {
    description: 'Say yes or no to a reaction that waits for it: {deadline, granted, requestedBy, reason}',
    validator: requireReason,
  });
  wf.setHandler(statusQuery, () => state.status(), { description: 'What is queued, running, failed and waited for' });
}

// ---------------------------------------------------------------- loop: everything runs in the background

function startWork(run: Run): void {
  const { state, timer } = run;
  const detections = state.takeDetections(Date.now());
  if (detections.length > 0) void decideOn(run, detections);
  for (const queued of state.units.take()) void runInBackground(run, queued);
  for (const deadline of state.takeReactions(Date.now())) void reactInBackground(run, deadline);
  const wake = state.nextWake();
  if (wake !== undefined) timer.ensure(wake.atMs, wakeSummary(wake));
}

async function decideOn({ input, state }: Run, detections: readonly DetectionRef[]): Promise<void> {
  const { survey, objectId, stock, clock } = input;
  const { waiting: pending, settled: settledKeys } = state.deadlines;
  const request = { survey, objectId, stock, detections, clock, pending, ...(settledKeys && { settled: settledKeys }) };
  const options = { summary: decideSummary(detections), eventGroups: nightOf(detections[0]?.jd) };
  const result = await settled(decide.executeWithOptions(options, [request]));
  if (result.outcome === 'done') state.decided(result.value);
  if (result.outcome === 'failed') state.decideFailed(result.error, Date.now());
}

async function runInBackground({ input, state }: Run, queued: QueuedTask): Promise<void> {
  const { survey, objectId, stock, clock } = input;
  const { task } = queued;
  const request = { survey, objectId, stock, clock, task };
  const options = {
    summary: unitSummary(queued),
    eventGroups: nightOf(task.jd),
    ...(task.group !== undefined && { taskQueue: t2Queue(task.group) }),
    ...(task.timeoutMs !== undefined && { startToCloseTimeout: unitTimeoutMs(task.timeoutMs) }),
  };
  const result = await settled(runUnit.executeWithOptions(options, [request]));
  if (result.outcome === 'done') state.unitSucceeded(task.key, result.value);
  if (result.outcome === 'failed') state.unitFailed(task.key, result.error);
}

async function reactInBackground({ input, state }: Run, deadline: Deadline): Promise<void> {
  const { survey, objectId, stock } = input;
  const approval = state.approvals.answerOf(deadline.key);
  const request = { survey, objectId, stock, deadline, ...(approval && { approval }) };
  const options = { summary: reactionSummary(deadline), eventGroups: nightOf(deadline.setJd) };
  const result = await settled(react.executeWithOptions(options, [request]));
  // Where it failed, the reaction's document says why; nothing else of the object is held up by it.
  if (result.outcome === 'done') state.reactionEnded(deadline, result.value);
  if (result.outcome === 'failed') state.reactionEnded(deadline);
}

// ---------------------------------------------------------------- what the Temporal UI shows

/** The UI groups what came of a night's alerts; that costs no event. */
function nightOf(jd = 0): wf.EventGroupMarker[] {
  const night = nightOfJd(jd);
  return [wf.createEventGroup(`night ${night}`, { id: night })];
}

/** The search attributes are written where they change, as each write is an event; the details cost none. */
function noteWhereItStands(run: Run): void {
  const { input, state } = run;
  wf.setCurrentDetails(transientDetails(input.objectId, input.clock, state.status()));
  const { stage, failedUnits } = attributesOf(state);
  const { noted } = run;
  if (stage === noted.stage && failedUnits.join() === noted.failedUnits.join()) return;
  run.noted = { stage, failedUnits };
  wf.upsertSearchAttributes([
    { key: searchAttribute.failedUnits, value: [...failedUnits] },
    { key: searchAttribute.stage, value: stage },
  ]);
}

function attributesOf(state: TransientState): Run['noted'] {
  return { stage: state.stage, failedUnits: state.units.failedUnits };
}
