import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import type { PeriodicRule } from '../model/channel.js';
import type { temporal } from '@temporalio/proto';
import { twilightsMs } from '../model/twilight.js';
import { workflowId } from '../model/workflow-names.js';
import type { Services } from './with-services.js';

/** When a rule was or is due from one time to another (Unix times, ms), both of them with it, ascending. */
export async function runTimesMs(
  { client }: Services,
  { channel, rule }: { readonly channel: string; readonly rule: PeriodicRule },
  fromMs: number,
  toMs: number,
): Promise<number[]> {
  if ('twilight' in rule.times) return twilightsMs(rule.times, fromMs, toMs);
  const request = {
    ...{ namespace: client.options.namespace, scheduleId: workflowId.reaction(channel, rule.name) },
    ...{ startTime: msToTs(fromMs), endTime: msToTs(toMs) },
  };
  const found: ScheduleMatches = await client.workflowService.listScheduleMatchingTimes(request);
  return (found.startTime ?? []).map((at) => tsToMs(at));
}

type ScheduleMatches = temporal.api.workflowservice.v1.IListScheduleMatchingTimesResponse;
