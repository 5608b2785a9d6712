import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelRevision } from '../../model/channel.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import type { stream } from '../../workflows/stream.js';
import { MEMBERS, type KafkaInstallation } from './kafka-harness.js';
import type { KafkaBlow } from './kafka-plan.js';
import { persistently } from './persistently.js';
import type { RunEnd } from './run-nights.js';
import { settleTransients } from './settle-transients.js';

export interface TopicRun {
  readonly broker: string;
  readonly topic: string;
  /** Of its own for each run: the group remembers what the last one acknowledged. */
  readonly group: string;
  readonly channels: readonly ChannelRevision[];
  readonly batchSize: number;
  readonly report: (line: string) => void;
  readonly blows?: {
    readonly plan: readonly KafkaBlow[];
    /** Steps at the end of the run: what the moments of the plan are shares of. */
    readonly steps: number;
  };
}

export const STREAM = 'nights';
const READERS = 2;
const POLL_MS = 20;
/** Asking is work for the servers too. */
const LOOK_MS = 250;

/** Reads the topic to its end with two readers, with the blows as planned, and returns when all work is done. */
export async function runTopic(installation: KafkaInstallation, run: TopicRun): Promise<RunEnd> {
  const { client, store, over } = installation;
  for (const revision of run.channels) {
    await client.workflow.start('channel', {
      workflowId: workflowId.channel(revision.channel.name),
      taskQueue: TASK_QUEUE.workflows,
      args: [revision],
    });
  }
  const active = (): Promise<number> => store.channels.countDocuments({ state: 'active' });
  while ((await persistently(over, active)) < run.channels.length) await sleep(POLL_MS);
  const source = {
    ...{ kind: 'kafka' as const, brokers: [run.broker], topics: [run.topic], group: run.group },
    ...{ startAt: 'earliest' as const, until: 'end' as const },
  };
  const handle = await client.workflow.start<typeof stream>('stream', {
    workflowId: workflowId.stream(STREAM),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ name: STREAM, survey: 'ztf', source, clock: 'stream', batchSize: run.batchSize, readers: READERS }],
  });
  run.report(`reading as ${run.group}`);
  if (run.blows !== undefined) await strike(installation, run.blows, run.report);
  while ((await persistently(over, () => handle.describe())).status.name === 'RUNNING') await sleep(LOOK_MS);
  run.report('the stream has ended');
  const unwell = await settleTransients(installation);
  return { progress: await handle.result(), unwell };
}

/** How far the run is: messages that are read and have had their effects, and decisions. */
export async function topicSteps({ store }: Pick<KafkaInstallation, 'store'>): Promise<number> {
  const positions = await store.positions.find().toArray();
  const read = positions.reduce((sum, { read, unreadable }) => sum + read + unreadable, 0);
  return read + (await store.journal.estimatedDocumentCount());
}

async function strike(
  installation: KafkaInstallation,
  { plan, steps }: NonNullable<TopicRun['blows']>,
  report: TopicRun['report'],
): Promise<void> {
  const { over, kill, start, pause, resume } = installation;
  for (const { victims, how, at, downMs } of plan) {
    while ((await persistently(over, () => topicSteps(installation))) < at * steps) await sleep(POLL_MS);
    report(`at ${(at * 100).toFixed(0)} %: ${victims.join(' and ')} ${how} for ${downMs} ms`);
    if (how === 'paused') {
      victims.forEach(pause);
      await sleep(downMs);
      victims.forEach(resume);
      continue;
    }
    await Promise.all(victims.map(kill));
    await sleep(downMs);
    // Servers first: a worker that finds none at its start ends, and its supervisor takes a moment.
    for (const member of MEMBERS) if (victims.includes(member)) await start(member);
  }
}
