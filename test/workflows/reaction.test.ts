import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import type { PeriodicActivities, RunPlan, RunRequest, ToldCounts } from '../../model/periodic-run.js';
import { TASK_QUEUE } from '../../model/workflow-names.js';
import type { reaction } from '../../workflows/reaction.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { stageOf } from './stage.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const DUE_MS = Date.parse('2021-07-05T12:00:00Z');
const ORDER = { channel: 'CLOCK', channelHash: 'hash', rule: 'morning', dueMs: DUE_MS };

function plan(over: Partial<RunPlan>): RunPlan {
  return { key: 'CLOCK/morning/2021-07-05T12:00:00Z', tell: 'all', looked: 90, matched: 7, selected: 7, ...over };
}

/** What was asked of the activities. */
function use(activities: Partial<PeriodicActivities>): RunRequest[] {
  const requests: RunRequest[] = [];
  rig.use({
    ...activities,
    ...(activities.selectObjects && {
      selectObjects: (request) => {
        requests.push(request);
        return activities.selectObjects?.(request) ?? Promise.reject(new Error('none'));
      },
    }),
  });
  return requests;
}

function start(id: string, order: Parameters<typeof reaction>[0] = ORDER) {
  return rig.env.client.workflow.start<typeof reaction>('reaction', {
    workflowId: `reaction/CLOCK/${id}`,
    taskQueue: TASK_QUEUE.workflows,
    args: [order],
  });
}

describe('a run of a periodic rule', () => {
  it('tells of all that it has selected in one message', async () => {
    const requests = use({
      selectObjects: () => Promise.resolve(plan({})),
      tellAll: () => Promise.resolve({ state: 'confirmed', status: '200' }),
    });
    const handle = await start('all');
    expect(await handle.result()).toEqual({ ...plan({}), told: { confirmed: 1 } });
    expect(requests).toEqual([ORDER]);
    expect(await stageOf(handle)).toBe('told');
    await replays('reaction--one-message', handle);
  });

  it('tells nothing of nothing', async () => {
    use({ selectObjects: () => Promise.resolve(plan({ matched: 0, selected: 0 })) });
    const handle = await start('nothing');
    expect(await handle.result()).toMatchObject({ selected: 0, told: {} });
    await replays('reaction--nothing-selected', handle);
  });

  it('tells of each by portions, and one that fails disturbs no other', async () => {
    const portions: string[] = [];
    use({
      selectObjects: () => Promise.resolve(plan({ tell: 'each', matched: 450, selected: 450 })),
      tellEach: (_, from, to) => {
        portions.push(`${from}-${to}`);
        const counts: ToldCounts = from === 200 ? { confirmed: 199, failed: 1 } : { confirmed: to - from };
        return Promise.resolve(counts);
      },
    });
    const handle = await start('each');
    expect(await handle.result()).toMatchObject({ told: { confirmed: 449, failed: 1 } });
    expect(portions).toEqual(['0-200', '200-400', '400-450']);
    expect(await stageOf(handle)).toBe('failed reaction');
    await replays('reaction--a-message-each', handle);
  });

  it('fails for all to see where its one message cannot be told', async () => {
    use({
      selectObjects: () => Promise.resolve(plan({})),
      tellAll: () => Promise.reject(ApplicationFailure.nonRetryable('the receiver says no', 'ReactionRefused')),
    });
    const handle = await start('refused');
    const failure: unknown = await handle.result().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure).toMatchObject({ cause: { message: 'the receiver says no' } });
    expect(await stageOf(handle)).toBe('failed reaction');
    await replays('reaction--refused', handle);
  });

  it('takes the time of its start where nobody says what it was due at', async () => {
    const { channel, channelHash, rule } = ORDER;
    const order = { channel, channelHash, rule };
    const requests = use({ selectObjects: () => Promise.resolve(plan({ matched: 0, selected: 0 })) });
    const handle = await start('now', order);
    await handle.result();
    const { startTime } = await handle.describe();
    expect(requests[0]?.dueMs).toBe(startTime.getTime());
    await replays('reaction--due-when-started', handle);
  });
});
