import type { WorkflowHandle } from '@temporalio/client';
import type { ChannelActivities } from '../../model/channel-life.js';
import type { ChannelRevision } from '../../model/channel.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import {
  channelStateQuery,
  pauseChannelSignal,
  resumeChannelSignal,
  reviseChannelUpdate,
  stopChannelSignal,
  type channel,
} from '../../workflows/channel.js';
import { refusal } from './refusal.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { stageOf } from './stage.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

type ChannelHandle = WorkflowHandle<typeof channel>;

/** A channel's revision, named by its version. */
function revision(name: string, version: string): ChannelRevision {
  const t0 = { unit: 'DecentFilter', version: '1.0.0', config: {}, configHash: 'c0' };
  const content = { name, version, streams: ['ztf'], access: ['ZTF_PUB'], t0: { ztf: t0 }, t2: [], t3: [] };
  return { channel: content, hash: `hash-${version}` };
}

/** What the store is told: `1.0.0` for a revision, or a state. */
function useStore(): string[] {
  const log: string[] = [];
  const activities: ChannelActivities = {
    activateChannel: ({ channel: { version } }) => Promise.resolve(void log.push(version)),
    setChannelState: (_, state, because) =>
      Promise.resolve(void log.push(because === undefined ? state : `${state}: ${because}`)),
    keepSchedules: ({ rules, isPaused }) => {
      const names = rules.map(({ name }) => name).join(' ') || 'none';
      log.push(`schedules: ${names}${isPaused ? ', paused' : ''}`);
      return Promise.resolve({ renewMs: 30 * 86_400_000 });
    },
  };
  rig.use(activities);
  return log;
}

async function start(name: string): Promise<ChannelHandle> {
  return rig.env.client.workflow.start<typeof channel>('channel', {
    workflowId: workflowId.channel(name),
    taskQueue: TASK_QUEUE.workflows,
    args: [revision(name, '1.0.0')],
  });
}

describe('a channel', () => {
  it('screens no alerts while it is paused, screens them again, and ends', async () => {
    const log = useStore();
    const handle = await start('RAPID');
    await waitFor(() => log.length > 0);
    await handle.signal(pauseChannelSignal);
    await waitFor(async () => (await handle.query(channelStateQuery)).state === 'paused');
    expect(await handle.query(channelStateQuery)).toEqual({ state: 'paused', hash: 'hash-1.0.0', version: '1.0.0' });
    expect(await stageOf(handle)).toBe('paused');
    await handle.signal(resumeChannelSignal);
    await waitFor(() => log.length > 2);
    await handle.signal(stopChannelSignal);
    await handle.result();

    expect(log).toEqual(['1.0.0', 'paused', 'active', 'stopped']);
    await replays('channel--paused-resumed-stopped', handle);
  });

  it('is paused with the reason where it would flood its followers, until a person resumes it', async () => {
    const log = useStore();
    const handle = await start('FLOODED');
    await waitFor(() => log.length > 0);
    await handle.signal(pauseChannelSignal, 'its cap was reached');
    await handle.signal(pauseChannelSignal, 'its cap was reached again');
    await waitFor(async () => (await handle.query(channelStateQuery)).state === 'paused');
    expect(await handle.query(channelStateQuery)).toMatchObject({ state: 'paused', because: 'its cap was reached' });
    await handle.signal(resumeChannelSignal);
    await waitFor(async () => (await handle.query(channelStateQuery)).state === 'active');
    expect(await handle.query(channelStateQuery)).not.toHaveProperty('because');
    await handle.signal(pauseChannelSignal);
    await waitFor(() => log.length > 3);

    expect(log).toEqual(['1.0.0', 'paused: its cap was reached', 'active', 'paused']);
    await replays('channel--paused-by-its-cap', handle);
  });

  it('stays stopped whatever is asked of it in the same moment', async () => {
    const log = useStore();
    const handle = await start('STOPPED');
    await Promise.all([handle.signal(stopChannelSignal), handle.signal(resumeChannelSignal)]);
    await handle.result();

    expect(log).toEqual(['1.0.0', 'stopped']);
  });

  it('takes another revision at once', async () => {
    const log = useStore();
    const handle = await start('REVISED');
    await waitFor(() => log.length > 0);
    expect(await handle.executeUpdate(reviseChannelUpdate, { args: [revision('REVISED', '1.1.0')] })).toBe(
      'hash-1.1.0',
    );
    await waitFor(async () => (await handle.query(channelStateQuery)).version === '1.1.0');

    expect(await handle.query(channelStateQuery)).toMatchObject({ state: 'active', version: '1.1.0' });
    expect(log).toEqual(['1.0.0', '1.1.0']);
    await replays('channel--revised', handle);
  });

  it('takes a revision that came while it was paused when it is resumed: no alert is screened before', async () => {
    const log = useStore();
    const handle = await start('LATER');
    await handle.signal(pauseChannelSignal);
    await waitFor(async () => (await handle.query(channelStateQuery)).state === 'paused');
    await handle.executeUpdate(reviseChannelUpdate, { args: [revision('LATER', '1.1.0')] });
    expect(await handle.query(channelStateQuery)).toMatchObject({ state: 'paused', version: '1.0.0' });
    await handle.signal(resumeChannelSignal);
    await waitFor(() => log.length > 2);

    expect(log).toEqual(['1.0.0', 'paused', '1.1.0']);
    await replays('channel--revised-while-paused', handle);
  });

  it('refuses the revision that it has, and that of another channel', async () => {
    const log = useStore();
    const handle = await start('REFUSES');
    await waitFor(() => log.length > 0);
    const revise = (to: ChannelRevision): Promise<unknown> =>
      refusal(handle.executeUpdate(reviseChannelUpdate, { args: [to] }));

    expect(await revise(revision('REFUSES', '1.0.0'))).toBe('channel REFUSES has this revision already');
    expect(await revise(revision('OTHER', '1.1.0'))).toBe('this is channel REFUSES, not OTHER');
    expect(log).toEqual(['1.0.0']);
  });

  it('is stopped in the store too where a person cancels its workflow', async () => {
    const log = useStore();
    const handle = await start('CANCELLED');
    await waitFor(() => log.length > 0);
    await handle.cancel();
    await waitFor(async () => (await handle.describe()).status.name === 'CANCELLED');

    expect(log).toEqual(['1.0.0', 'stopped']);
    await replays('channel--cancelled', handle);
  });

  it('continues as a new run after many pauses, with its newest revision', async () => {
    const log = useStore();
    const handle = await start('MOODY');
    const { runId } = await handle.describe();
    const latest = rig.env.client.workflow.getHandle<typeof channel>(handle.workflowId);
    await latest.executeUpdate(reviseChannelUpdate, { args: [revision('MOODY', '1.1.0')] });
    while ((await latest.describe()).runId === runId) {
      await latest.signal(pauseChannelSignal);
      await waitFor(() => log.at(-1) === 'paused');
      await latest.signal(resumeChannelSignal);
      await waitFor(() => log.at(-1) === 'active');
    }

    expect(await latest.query(channelStateQuery)).toEqual({ state: 'active', hash: 'hash-1.1.0', version: '1.1.0' });
    expect(log.filter((entry) => entry.startsWith('1.'))).toEqual(['1.0.0', '1.1.0']);
    await replays('channel--continues-as-new', rig.env.client.workflow.getHandle(handle.workflowId, runId));
  });
});
