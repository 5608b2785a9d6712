import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
  type ScheduleOptionsStartWorkflowAction,
} from '@temporalio/client';
import type { ScheduledRule, ScheduleOrder, SchedulesKept } from '../model/channel-life.js';
import { TASK_QUEUE, workflowId } from '../model/workflow-names.js';
import type { reaction } from '../workflows/reaction.js';
import { searchAttribute } from '../workflows/search-attributes.js';
import { scheduleTimes } from './schedule-spec.js';

/**
 * Makes Temporal's schedules those that the channel's file asks for: creates, changes and removes them. Doing it twice does
 * nothing more.
 */
export async function keepSchedules(client: Client, order: ScheduleOrder): Promise<SchedulesKept> {
  const { channel, rules, former } = order;
  const names = rules.map(({ name }) => name);
  for (const name of former) if (!names.includes(name)) await remove(client, workflowId.reaction(channel, name));
  const renewals: number[] = [];
  for (const rule of rules) {
    const { renewMs } = await keep(client, order, rule);
    if (renewMs !== undefined) renewals.push(renewMs);
  }
  return renewals.length === 0 ? {} : { renewMs: Math.min(...renewals) };
}

async function remove(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

type Options = ScheduleOptions<ScheduleOptionsStartWorkflowAction<typeof reaction>>;

async function keep(client: Client, order: ScheduleOrder, rule: ScheduledRule): Promise<SchedulesKept> {
  const { channel, isPaused } = order;
  const { spec, renewMs } = scheduleTimes(rule.times, Date.now());
  const options: Options = {
    ...{ scheduleId: workflowId.reaction(channel, rule.name), spec, action: actionOf(order, rule) },
    policies: {
      overlap: rule.overlap === 'skip' ? ScheduleOverlapPolicy.SKIP : ScheduleOverlapPolicy.BUFFER_ALL,
      catchupWindow: `${rule.catchUpMinutes} minutes`,
    },
    memo: { channel, rule: rule.name },
    typedSearchAttributes: [{ key: searchAttribute.channels, value: [channel] }],
    state: isPaused ? { paused: true, note: pausedNote(channel) } : {},
  };
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await change(client, options, order);
  }
  return renewMs === undefined ? {} : { renewMs };
}

/** Pausing of a person stays, whatever becomes of the channel. */
async function change(client: Client, options: Options, { channel, isPaused }: ScheduleOrder): Promise<void> {
  const { scheduleId, spec, action, policies } = options;
  await client.schedule.getHandle(scheduleId).update<typeof reaction>(({ state }) => {
    const isOfPerson = state.paused && state.note !== pausedNote(channel);
    const paused = isPaused || isOfPerson;
    const note = isOfPerson ? state.note : isPaused ? pausedNote(channel) : undefined;
    return { spec, action, ...(policies && { policies }), state: { paused, ...(note !== undefined && { note }) } };
  });
}

function pausedNote(channel: string): string {
  return `the channel ${channel} is paused`;
}

function actionOf({ channel, channelHash }: ScheduleOrder, { name, unit }: ScheduledRule): Options['action'] {
  return {
    type: 'startWorkflow',
    workflowType: 'reaction',
    workflowId: workflowId.reaction(channel, name),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ channel, channelHash, rule: name }],
    staticSummary: `${name} of ${channel}: ${unit}`,
    typedSearchAttributes: [
      { key: searchAttribute.channels, value: [channel] },
      { key: searchAttribute.stage, value: 'running' },
    ],
  };
}
