import type { ChannelActivities, ScheduleOrder } from '../../model/channel-life.js';
import type { ChannelRevision, PeriodicRule } from '../../model/channel.js';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import {
  pauseChannelSignal,
  resumeChannelSignal,
  reviseChannelUpdate,
  stopChannelSignal,
  type channel,
} from '../../workflows/channel.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const DAY_MS = 86_400_000;

function revision(version: string, names: readonly string[]): ChannelRevision {
  const use = { unit: 'DecentFilter', version: '1.0.0', config: {}, configHash: 'c0' };
  const periodic = names.map((name): PeriodicRule => ({
    ...{ ...use, unit: 'WebhookReaction', name, times: { time: '07:30', timezone: 'Europe/Berlin' } },
    ...{ overlap: 'queue', catchUpMinutes: 60, select: { limit: 1000 }, tell: 'all' },
  }));
  const content = { name: 'CLOCK', version, streams: ['ztf'], access: ['ZTF_PUB'], t0: { ztf: use }, t2: [], t3: [] };
  return { channel: { ...content, ...(names.length > 0 && { periodic }) }, hash: `hash-${version}` };
}

/** The schedules that were asked for, in order. */
function useTemporal(renewMs?: number): ScheduleOrder[] {
  const orders: ScheduleOrder[] = [];
  const activities: ChannelActivities = {
    activateChannel: () => Promise.resolve(),
    setChannelState: () => Promise.resolve(),
    keepSchedules: (order) => {
      orders.push(order);
      return Promise.resolve(renewMs === undefined ? {} : { renewMs });
    },
  };
  rig.use(activities);
  return orders;
}

function shortly({ rules, former, isPaused, channelHash }: ScheduleOrder): string {
  const names = (list: readonly string[]): string => list.join('+') || 'none';
  return `${channelHash} ${names(former)} -> ${names(rules.map(({ name }) => name))}${isPaused ? ', paused' : ''}`;
}

describe('the schedules of a channel', () => {
  it('follow its revisions, its pauses and its end', async () => {
    const orders = useTemporal();
    const handle = await rig.env.client.workflow.start<typeof channel>('channel', {
      workflowId: workflowId.channel('CLOCK'),
      taskQueue: TASK_QUEUE.workflows,
      args: [revision('1.0.0', ['morning'])],
    });
    await waitFor(() => orders.length === 1);
    await handle.executeUpdate(reviseChannelUpdate, { args: [revision('1.1.0', ['morning', 'weekly'])] });
    await waitFor(() => orders.length === 2);
    await handle.signal(pauseChannelSignal);
    await waitFor(() => orders.length === 3);
    await handle.signal(resumeChannelSignal);
    await waitFor(() => orders.length === 4);
    await handle.executeUpdate(reviseChannelUpdate, { args: [revision('1.2.0', ['weekly'])] });
    await waitFor(() => orders.length === 5);
    await handle.signal(stopChannelSignal);
    await handle.result();

    expect(orders.map(shortly)).toEqual([
      'hash-1.0.0 morning -> morning',
      'hash-1.1.0 morning -> morning+weekly',
      'hash-1.1.0 morning+weekly -> morning+weekly, paused',
      'hash-1.1.0 morning+weekly -> morning+weekly',
      'hash-1.2.0 morning+weekly -> weekly',
      'hash-1.2.0 weekly -> none',
    ]);
    expect(orders[0]?.rules).toEqual([
      {
        ...{ name: 'morning', unit: 'WebhookReaction', times: { time: '07:30', timezone: 'Europe/Berlin' } },
        ...{ overlap: 'queue', catchUpMinutes: 60 },
      },
    ]);
    await replays('channel--schedules-follow', handle);
  });

  it('are removed where the channel is cancelled', async () => {
    const orders = useTemporal();
    const handle = await rig.env.client.workflow.start<typeof channel>('channel', {
      workflowId: workflowId.channel('CANCELLED'),
      taskQueue: TASK_QUEUE.workflows,
      args: [revision('1.0.0', ['morning'])],
    });
    await waitFor(() => orders.length === 1);
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();

    expect(orders.map(shortly)).toEqual(['hash-1.0.0 morning -> morning', 'hash-1.0.0 morning -> none']);
    await replays('channel--cancelled-with-schedules', handle);
  });

  it('are made anew before the twilights that they know are over', async () => {
    const orders = useTemporal(30 * DAY_MS);
    const handle = await rig.env.client.workflow.start<typeof channel>('channel', {
      workflowId: workflowId.channel('TWILIGHT'),
      taskQueue: TASK_QUEUE.workflows,
      args: [revision('1.0.0', ['dusk'])],
    });
    await waitFor(() => orders.length === 1);
    await rig.env.sleep(31 * DAY_MS);
    await waitFor(() => orders.length === 2);
    await rig.env.sleep(31 * DAY_MS);
    await waitFor(() => orders.length === 3);
    await handle.signal(stopChannelSignal);
    await handle.result();

    expect(orders.map(shortly)).toEqual([
      ...Array<string>(3).fill('hash-1.0.0 dusk -> dusk'),
      'hash-1.0.0 dusk -> none',
    ]);
    await replays('channel--schedules-renewed', handle);
  });
});
