import * as wf from '@temporalio/workflow';

/** The least that a durable decision costs: wait for a signal, run one local activity. */
export async function bare(): Promise<void> {
  const queue: string[] = [];
  const { note } = wf.proxyLocalActivities<{ note(id: string): Promise<string> }>({ startToCloseTimeout: '10s' });
  wf.setHandler(wf.defineSignal<[string]>('detection'), (id) => void queue.push(id));
  for (;;) {
    await wf.condition(() => queue.length > 0);
    for (const id of queue.splice(0)) await note(id);
  }
}
