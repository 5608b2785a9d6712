import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const ENDED_ACTIVITY = /^ACTIVITY_TASK_(COMPLETED|FAILED|TIMED_OUT|CANCELED)$/;
/** What a workflow task leaves behind; other events lead to a further task. */
const LEFT_BY_TASK =
  /^(MARKER_RECORDED|TIMER_STARTED|ACTIVITY_TASK_SCHEDULED|ACTIVITY_TASK_STARTED|UPSERT_\w+|WORKFLOW_EXECUTION_(?!SIGNALED)\w+)$/;

/** Types of a run's events in order: `WORKFLOW_EXECUTION_STARTED`, `TIMER_FIRED`, … */
export async function eventTypes(handle: WorkflowHandle): Promise<string[]> {
  const json = historyToJSON(await handle.fetchHistory());
  return Array.from(json.matchAll(/"eventType": ?"EVENT_TYPE_(\w+)"/g), ([, type]) => type ?? '');
}

/** True where the workflow has acted on all that has come so far; activities may be under way. */
export async function hasActed(handle: WorkflowHandle): Promise<boolean> {
  return acted(await eventTypes(handle));
}

function acted(types: readonly string[]): boolean {
  const since = types.slice(types.lastIndexOf('WORKFLOW_TASK_COMPLETED') + 1);
  return types.includes('WORKFLOW_TASK_COMPLETED') && since.every((type) => LEFT_BY_TASK.test(type));
}

/** The time-skipping server accepts a signal during a task, and shows it a moment after that task is completed. */
const SECOND_LOOK_MS = 30;

/**
 * True where the run waits for news or time only: no task, no activity is under way. (A query would tell less: the
 * time-skipping server makes a task of each, and loses one that meets the end of a run.)
 */
export async function isAtRest(handle: WorkflowHandle): Promise<boolean> {
  const types = await eventTypes(handle);
  const scheduled = types.filter((type) => type === 'ACTIVITY_TASK_SCHEDULED').length;
  const ended = types.filter((type) => ENDED_ACTIVITY.test(type)).length;
  if (scheduled !== ended || !acted(types)) return false;
  await sleep(SECOND_LOOK_MS);
  return (await eventTypes(handle)).length === types.length;
}
