import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { TASK_QUEUE, workflowId } from '../../model/workflow-names.js';
import {
  pauseStreamSignal,
  resumeStreamSignal,
  stopStreamSignal,
  streamStateQuery,
  type stream,
} from '../../workflows/stream.js';
import { gate } from './gate.js';
import { hasActed } from './history.js';
import { MemoryReader } from './memory-reader.js';
import { replays } from './replays.js';
import { startRig, type Rig } from './rig.js';
import { stageOf } from './stage.js';
import { waitFor } from './wait-for.js';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig('real');
});
afterAll(() => rig.stop());

type StreamHandle = WorkflowHandle<typeof stream>;

async function start(name: string): Promise<StreamHandle> {
  const source = { kind: 'archive', paths: ['nights/2020-06-01.tar.gz'] } as const;
  return rig.env.client.workflow.start<typeof stream>('stream', {
    workflowId: workflowId.stream(name),
    taskQueue: TASK_QUEUE.workflows,
    args: [{ name, survey: 'ztf', source, clock: 'stream', batchSize: 100 }],
  });
}

async function ended(handle: StreamHandle): Promise<string> {
  await waitFor(async () => (await handle.describe()).status.name !== 'RUNNING');
  return (await handle.describe()).status.name;
}

describe('a stream', () => {
  it('reads a night of alerts to its end', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('night');
    await waitFor(() => reader.log.includes('reads'));
    expect(await handle.query(streamStateQuery)).toMatchObject({ state: 'running', request: { survey: 'ztf' } });
    reader.end();

    expect(await ended(handle)).toBe('COMPLETED');
    expect(await handle.result()).toMatchObject({ doing: 'finished' });
    expect(reader.log).toEqual(['reads', 'finished', 'settled']);
    await replays('stream--reads-to-the-end', handle);
  });

  it('pauses after the batch under way, and reads on when it is resumed', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('paused');
    await waitFor(() => reader.log.includes('reads'));
    await handle.signal(pauseStreamSignal);
    await waitFor(() => reader.log.includes('paused'));
    expect(await stageOf(handle)).toBe('paused');
    await handle.signal(resumeStreamSignal);
    await waitFor(() => reader.log.length > 3);
    expect(await stageOf(handle)).toBe('running');
    reader.end();

    expect(await ended(handle)).toBe('COMPLETED');
    expect(reader.log).toEqual(['reads', 'stops', 'paused', 'reads', 'finished', 'settled']);
    await replays('stream--paused-and-resumed', handle);
  });

  it('reads on where it is resumed before its reader has stopped', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('hesitant');
    await waitFor(() => reader.log.includes('reads'));
    const lastBatch = gate();
    reader.lastBatch = lastBatch.opened;
    await handle.signal(pauseStreamSignal);
    await waitFor(() => reader.log.includes('stops'));
    await handle.signal(resumeStreamSignal);
    await waitFor(() => hasActed(handle));
    lastBatch.open();
    await waitFor(() => reader.log.length > 2);
    reader.end();

    expect(await ended(handle)).toBe('COMPLETED');
    expect(reader.log).toEqual(['reads', 'stops', 'reads', 'finished', 'settled']);
    await replays('stream--resumed-at-once', handle);
  });

  it('stops while it reads', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('stopped');
    await waitFor(() => reader.log.includes('reads'));
    await handle.signal(stopStreamSignal);

    expect(await ended(handle)).toBe('COMPLETED');
    expect(reader.log).toEqual(['reads', 'stops', 'stopped']);
    await replays('stream--stopped', handle);
  });

  it('is paused and stopped also where its reader fails at that moment', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('failing');
    await waitFor(() => reader.log.includes('reads'));
    reader.lastBatch = Promise.reject(new Error('the store is away'));
    await handle.signal(pauseStreamSignal);
    await waitFor(() => reader.log.includes('paused'));
    await handle.signal(resumeStreamSignal);
    await waitFor(() => reader.log.at(-1) === 'reads');
    await handle.signal(stopStreamSignal);

    expect(await ended(handle)).toBe('COMPLETED');
    expect(reader.log).toEqual(['reads', 'stops', 'paused', 'reads', 'stops', 'stopped']);
    await replays('stream--stopped-as-its-reader-fails', handle);
  });

  it('stops while it is paused, and says so in the store', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('given-up');
    await waitFor(() => reader.log.includes('reads'));
    await handle.signal(pauseStreamSignal);
    await waitFor(() => reader.log.includes('paused'));
    await handle.signal(stopStreamSignal);

    expect(await ended(handle)).toBe('COMPLETED');
    expect(reader.log).toEqual(['reads', 'stops', 'paused', 'stopped']);
    await replays('stream--stopped-while-paused', handle);
  });

  it('is stopped in the store too where a person cancels its workflow', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('cancelled');
    await waitFor(() => reader.log.includes('reads'));
    await handle.cancel();

    expect(await ended(handle)).toBe('CANCELLED');
    expect(reader.log).toEqual(['reads', 'stops', 'stopped']);
    await replays('stream--cancelled', handle);
  });

  it('is cancelled, not failed, where its reader fails at that moment', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('cancelled-failing');
    await waitFor(() => reader.log.includes('reads'));
    reader.lastBatch = Promise.reject(new Error('the store is away'));
    await handle.cancel();

    expect(await ended(handle)).toBe('CANCELLED');
    expect(reader.log).toEqual(['reads', 'stops', 'stopped']);
    await replays('stream--cancelled-as-its-reader-fails', handle);
  });

  it('continues as a new run after many pauses', async () => {
    const reader = new MemoryReader();
    rig.use(reader);
    const handle = await start('moody');
    const { runId } = await handle.describe();
    const latest = rig.env.client.workflow.getHandle<typeof stream>(handle.workflowId);
    while ((await latest.describe()).runId === runId) {
      await waitFor(() => reader.log.at(-1) === 'reads');
      await latest.signal(pauseStreamSignal);
      await waitFor(() => reader.log.at(-1) === 'paused');
      await latest.signal(resumeStreamSignal);
    }
    reader.end();

    expect(await ended(latest)).toBe('COMPLETED');
    await replays('stream--continues-as-new', rig.env.client.workflow.getHandle(handle.workflowId, runId));
  });
});

describe('a stream whose reader is in trouble', () => {
  it('starts it again after an error', async () => {
    const reader = new MemoryReader();
    let starts = 0;
    rig.use(reader, {
      consume: () => (++starts < 2 ? Promise.reject(new Error('no primary')) : reader.consume()),
    });
    const handle = await start('failing');
    await waitFor(() => reader.log.includes('reads'));
    reader.end();

    expect(await ended(handle)).toBe('COMPLETED');
    await replays('stream--reader-fails', handle);
  });

  it('starts another where it has died: no heartbeat for 15 s', async () => {
    const reader = new MemoryReader();
    let starts = 0;
    const death = gate();
    const dead = death.opened.then(() => Promise.reject(new Error('dead')));
    rig.use(reader, { consume: () => (++starts < 2 ? dead : reader.consume()) });
    const handle = await start('dying');
    await waitFor(() => reader.log.includes('reads'));
    reader.end();

    expect(await ended(handle)).toBe('COMPLETED');
    death.open();
    await replays('stream--reader-dies', handle);
  });

  it('fails where the input cannot be read at all', async () => {
    rig.use(new MemoryReader(), {
      consume: () => Promise.reject(ApplicationFailure.nonRetryable('there is no survey ZFT', 'UnknownSurvey')),
    });
    const handle = await start('unknown');

    expect(await ended(handle)).toBe('FAILED');
    await replays('stream--cannot-be-read', handle);
  });
});
