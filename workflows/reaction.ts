import { ApplicationFailure, defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import * as wf from '@temporalio/workflow';
import type { PeriodicActivities, RunOrder, RunPlan, RunRequest, ToldCounts } from '../model/periodic-run.js';
import { TASK_QUEUE } from '../model/workflow-names.js';
import { searchAttribute } from './search-attributes.js';
import { settled } from './settled-activity.js';

/** So many objects are told of by one activity. */
const TOLD_TOGETHER = 200;

const { selectObjects } = wf.proxyActivities<PeriodicActivities>({
  taskQueue: TASK_QUEUE.t3,
  // 100,000 objects with all their results.
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '1 minute',
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '2s', maximumInterval: '10 minutes', nonRetryableErrorTypes: ['ReactionRefused'] },
});

const { tellAll, tellEach } = wf.proxyActivities<PeriodicActivities>({
  taskQueue: TASK_QUEUE.t3,
  // Receivers want to be told slowly.
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '1 minute',
  // After three days nobody wants it any more.
  scheduleToCloseTimeout: '3 days',
  retry: { initialInterval: '2s', maximumInterval: '10 minutes', nonRetryableErrorTypes: ['ReactionRefused'] },
});

/** What a run has come to. */
export interface RunOutcome extends RunPlan {
  readonly told: ToldCounts;
}

/** One run of a periodic rule: chooses objects of the channel and tells of them, all together or each. */
export async function reaction(order: RunOrder): Promise<RunOutcome> {
  const request: RunRequest = { ...order, dueMs: order.dueMs ?? scheduledMs() };
  const summary = `objects of ${order.channel} for ${order.rule}`;
  const plan = await selectObjects.executeWithOptions({ summary }, [request]);
  tell(request, plan, {});
  const told = plan.tell === 'all' ? await inOne(request, plan) : await oneByOne(request, plan);
  tell(request, plan, told);
  const isWell = Object.keys(told).every((state) => WELL.includes(state));
  wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: isWell ? 'told' : 'failed reaction' }]);
  return { ...plan, told };
}

const WELL = ['confirmed', 'dry'];

/** What the schedule has been waiting for, however late it starts. */
function scheduledMs(): number {
  const key = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME);
  const { typedSearchAttributes, startTime } = wf.workflowInfo();
  return (typedSearchAttributes.get(key) ?? startTime).getTime();
}

/** There is no message on nothing. */
async function inOne(request: RunRequest, plan: RunPlan): Promise<ToldCounts> {
  if (plan.selected === 0) return {};
  const summary = `one message on ${plan.selected}`;
  const result = await settled(tellAll.executeWithOptions({ summary }, [request]));
  if (result.outcome === 'done') return { [result.value.state]: 1 };
  wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: 'failed reaction' }]);
  if (result.outcome === 'cancelled') throw new wf.CancelledFailure('the run was cancelled');
  // Nobody has been told: that is for all to see.
  throw ApplicationFailure.nonRetryable(result.error, 'ReactionFailed');
}

async function oneByOne(request: RunRequest, plan: RunPlan): Promise<ToldCounts> {
  const told: Record<string, number> = {};
  for (let from = 0; from < plan.selected; from += TOLD_TOGETHER) {
    const to = Math.min(from + TOLD_TOGETHER, plan.selected);
    const summary = `messages ${from + 1} to ${to} of ${plan.selected}`;
    const counts = await tellEach.executeWithOptions({ summary }, [request, from, to]);
    for (const [state, count] of Object.entries(counts)) told[state] = (told[state] ?? 0) + count;
    tell(request, plan, told);
  }
  return told;
}

/** For whoever looks at the run in the Temporal UI. */
function tell({ rule, channel, dueMs }: RunRequest, { looked, matched, selected }: RunPlan, told: ToldCounts): void {
  const states = Object.entries(told).map(([state, count]) => `${state}: ${count}`);
  wf.setCurrentDetails(
    [
      `**${rule}** of ${channel}, due ${new Date(dueMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
      `${looked} objects looked at, ${matched} match, ${selected} are told of`,
      ...(states.length === 0 ? [] : [states.join(', ')]),
    ].join('\n\n'),
  );
}
