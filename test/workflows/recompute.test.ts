import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { Recomputation, RecomputeCursor, RecomputeProgress, RecomputeRequest } from '../../model/recompute.js';
import { recomputeWorkflowId, TASK_QUEUE } from '../../model/workflow-names.js';
import type { recompute } from '../../workflows/recompute.js';
import { gate } from './gate.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

const REQUEST: RecomputeRequest = {
  ...{ perSecond: 2, requestedBy: 'anna', reason: 'version 2 mends the errors', requestedAtMs: 0 },
};

function run(key: string, after?: readonly string[]): Recomputation {
  return {
    ...{ survey: 'ztf', objectId: 'ZTF18abxhyqv', stock: '360504273', clock: 'live', quiet: true },
    task: {
      ...{ key, unit: `T2${key}`, link: '1', alertId: '1', jd: 2458426.75, channels: ['HU_RAPID@8f890c998d08'] },
      ...(after && { after }),
    },
  };
}

let started = 0;

function start(after?: RecomputeCursor, soFar?: RecomputeProgress): Promise<WorkflowHandle<typeof recompute>> {
  return rig.env.client.workflow.start<typeof recompute>('recompute', {
    ...{ workflowId: recomputeWorkflowId(new Date(started++)), taskQueue: TASK_QUEUE.workflows },
    args: [REQUEST, ...(after ? [after] : []), ...(soFar ? [soFar] : [])] as Parameters<typeof recompute>,
  });
}

describe('results that are computed once more', () => {
  it('come portion after portion, what is needed first, and a failure holds up nothing', async () => {
    const log: string[] = [];
    rig.use({
      findOutdated: (_, after) => {
        log.push(`after ${after?.stock ?? 'nothing'}`);
        return Promise.resolve(
          after === undefined
            ? {
                ...{ runs: [run('Tied', ['Fit', 'Stored']), run('Fit'), run('Bad'), run('Other')], looked: 25 },
                next: { stock: '7', results: 4 },
              }
            : { runs: [run('Last')], looked: 3 },
        );
      },
      runUnit: ({ task: { key }, quiet, asked }) => {
        expect({ quiet, asked }).toEqual({ quiet: true, asked: { by: 'anna', why: 'version 2 mends the errors' } });
        log.push(key);
        if (key === 'Bad') throw ApplicationFailure.nonRetryable('no root', 'UnitFailed');
        return Promise.resolve({ code: 0, deadlines: [] });
      },
    });
    const handle = await start();
    expect(await handle.result()).toEqual({ looked: 28, computed: 4, failed: 1 });
    expect(log[0]).toBe('after nothing');
    // So many begin in one second.
    expect(log.slice(1, 3).sort()).toEqual(['Bad', 'Fit']);
    expect(log.slice(3, 5).sort()).toEqual(['Other', 'Tied']);
    expect(log.slice(5)).toEqual(['after 7', 'Last']);
    await replays('recompute--in-order', handle);
  });

  it('go on where an earlier run has ended', async () => {
    const asked: (RecomputeCursor | undefined)[] = [];
    rig.use({
      findOutdated: (_, after) => {
        asked.push(after);
        return Promise.resolve({ runs: [], looked: 2 });
      },
    });
    const handle = await start({ stock: '7' }, { looked: 25, computed: 3, failed: 1 });
    expect(await handle.result()).toEqual({ looked: 27, computed: 3, failed: 1 });
    expect(asked).toEqual([{ stock: '7' }]);
    await replays('recompute--goes-on', handle);
  });

  it('wait while they are paused, finish what runs, and say how far they are', async () => {
    const begun: string[] = [];
    const first = gate();
    rig.use({
      findOutdated: () => Promise.resolve({ runs: ['A', 'B', 'C'].map((key) => run(key)), looked: 3 }),
      runUnit: async ({ task: { key } }) => {
        begun.push(key);
        if (key === 'A') await first.opened;
        return { code: 0, deadlines: [] };
      },
    });
    const handle = await start();
    await waitFor(() => begun.length === 2);
    await handle.signal('pause');
    first.open();
    await waitFor(async () => (await handle.query<RecomputeProgress>('progress')).computed === 2);
    expect(await handle.query('progress')).toEqual({ state: 'paused', looked: 0, computed: 2, failed: 0 });
    await rig.env.sleep('1 minute');
    expect(begun.sort()).toEqual(['A', 'B']);
    await handle.signal('resume');
    expect(await handle.result()).toEqual({ looked: 3, computed: 3, failed: 0 });
    expect(await handle.query('progress')).toMatchObject({ state: 'finished' });
    await replays('recompute--paused-and-resumed', handle);
  });

  it('end when they are called off', async () => {
    const begun: string[] = [];
    rig.use({
      findOutdated: () => Promise.resolve({ runs: ['A', 'B', 'C'].map((key) => run(key)), looked: 3 }),
      runUnit: ({ task: { key } }) => {
        begun.push(key);
        return Promise.resolve({ code: 0, deadlines: [] });
      },
    });
    const handle = await start();
    await handle.signal('pause');
    await waitFor(async () => (await handle.query<{ state: string }>('progress')).state === 'paused');
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow('cancelled');
    expect(begun.length).toBeLessThan(3);
    expect(await handle.query('progress')).toMatchObject({ state: 'cancelled' });
    await replays('recompute--cancelled', handle);
  });

  it('are left out when their service stays away, and the others are not held up', async () => {
    const tries: Record<string, number> = {};
    rig.use({
      findOutdated: () => Promise.resolve({ runs: [run('Away'), run('Here')], looked: 1 }),
      runUnit: ({ task: { key } }) => {
        tries[key] = (tries[key] ?? 0) + 1;
        if (key === 'Away') throw ApplicationFailure.retryable('the catalogue is away', 'TryAgain');
        return Promise.resolve({ code: 0, deadlines: [] });
      },
    });
    const handle = await start();
    expect(await handle.result()).toEqual({ looked: 1, computed: 1, failed: 1 });
    expect(tries).toEqual({ Away: 8, Here: 1 });
    await replays('recompute--service-away', handle);
  });
});
