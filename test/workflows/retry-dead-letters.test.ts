import { TASK_QUEUE, retryWorkflowId } from '../../model/workflow-names.js';
import type { retryDeadLetters } from '../../workflows/retry-dead-letters.js';
import { MemoryReader } from './memory-reader.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

describe('dead letters', () => {
  it('are tried again fifty at a time, and each is told of', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const ids = Array.from({ length: 60 }, (_, i) => (i === 7 ? 'bad' : `july:archive:${i}`));
    const handle = await rig.env.client.workflow.start<typeof retryDeadLetters>('retryDeadLetters', {
      workflowId: retryWorkflowId(new Date(0)),
      taskQueue: TASK_QUEUE.workflows,
      args: [ids],
    });

    const retried = await handle.result();
    expect(reader.log).toEqual(['retries 50', 'retries 10']);
    expect(retried.filter(({ isRead }) => !isRead)).toEqual([{ id: 'bad', isRead: false }]);
    expect(retried).toHaveLength(60);
    await replays('retryDeadLetters--in-two-chunks', handle);
  });
});
