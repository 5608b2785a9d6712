import type { ChannelRevision } from '../../model/channel.js';
import { unixMsOfJd } from '../../model/julian-date.js';
import { twilightsMs } from '../../model/twilight.js';
import { startRun } from '../run-workflow.js';
import type { Broker } from './broker.js';

/** What the channel's rules by the clock came to. */
export interface RunFigures {
  readonly runs: number;
  /** Objects that were told of, in all of them. */
  readonly objects: number;
  /** Messages that the receiver has confirmed. */
  readonly sent: number;
}

const DAY_MS = 86_400_000;

/** Runs the rules by the clock for each night that has passed, as the schedule does for those to come. */
export async function runSchedule(
  { client, store }: Pick<Broker, 'client' | 'store'>,
  { channel, hash: channelHash }: ChannelRevision,
  stream: string,
): Promise<RunFigures> {
  const [span] = await store.alerts
    .aggregate<{ readonly first: number; readonly last: number }>([
      { $match: { stream } },
      { $group: { _id: null, first: { $min: '$jd' }, last: { $max: '$jd' } } },
    ])
    .toArray();
  const told = { runs: 0, objects: 0, sent: 0 };
  if (span === undefined) return told;
  for (const { name: rule, times } of channel.periodic ?? []) {
    if (!('twilight' in times)) continue;
    for (const dueMs of twilightsMs(times, unixMsOfJd(span.first), unixMsOfJd(span.last) + DAY_MS)) {
      const run = await startRun({ client }, { channel: channel.name, channelHash, rule, dueMs });
      const outcome = await run?.result();
      told.runs += 1;
      told.objects += outcome?.selected ?? 0;
      told.sent += outcome?.told['confirmed'] ?? 0;
    }
  }
  return told;
}
