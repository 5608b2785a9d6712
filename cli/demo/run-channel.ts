import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ChannelRevision } from '../../model/channel.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import { channelStateQuery, reviseChannelUpdate, stopChannelSignal, type channel } from '../../workflows/channel.js';
import { poll } from '../poll.js';
import type { Broker } from './broker.js';
import type { Endings } from './endings.js';

const ACTIVE_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 2_000;

/**
 * Starts a channel and returns when it is active; it is stopped at the end, as the receiver that it tells goes too. One
 * that an earlier demo left running takes this revision.
 */
export async function runChannel(
  { client, store }: Broker,
  revision: ChannelRevision,
  endings: Endings,
): Promise<void> {
  const { channel, hash } = revision;
  const id = workflowId.channel(channel.name);
  const isState = (state: 'active' | 'stopped') => async (): Promise<true | undefined> => {
    const found = await store.channels.countDocuments({ _id: channel.name, hash, state });
    return found === 1 ? true : undefined;
  };
  await startOrRevise({ client }, revision);
  endings.add(async () => {
    await client.workflow.getHandle(id).signal(stopChannelSignal);
    await poll(isState('stopped'), STOPPED_WITHIN_MS);
  });
  if ((await poll(isState('active'), ACTIVE_WITHIN_MS)) === undefined)
    throw new Error(`channel ${channel.name} is not active: see its workflow ${id}`);
}

async function startOrRevise({ client }: Pick<Broker, 'client'>, revision: ChannelRevision): Promise<void> {
  const { name, description } = revision.channel;
  const id = workflowId.channel(name);
  try {
    await client.workflow.start<typeof channel>('channel', {
      ...{ workflowId: id, taskQueue: TASK_QUEUE.workflows, args: [revision] },
      ...(description !== undefined && { staticSummary: description }),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const handle = client.workflow.getHandle(id);
    const { hash } = await handle.query(channelStateQuery);
    if (hash !== revision.hash) await handle.executeUpdate(reviseChannelUpdate, { args: [revision] });
  }
}
