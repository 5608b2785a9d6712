import { setTimeout as sleep } from 'node:timers/promises';
import { workflowId } from '../../model/workflow-names.js';
import { statusQuery } from '../../workflows/transient.js';
import type { Installation } from './harness.js';
import { persistently } from './persistently.js';

const POLL_MS = 50;
const ASKED_AT_ONCE = 50;

type Asked = Pick<Installation, 'client' | 'store' | 'over'>;

/**
 * Waits for each transient until nothing of it is under way: the stream ends when everything is decided and set off.
 * Answers what is not as it should be: transients that failed, units that failed.
 */
export async function settleTransients(installation: Asked): Promise<string[]> {
  const { store, over } = installation;
  const objects = (await persistently(over, () => store.alerts.distinct('objectId'))).sort();
  const unwell: string[] = [];
  const next = objects.values();
  const askOn = async (): Promise<void> => {
    for (const objectId of next) unwell.push(...(await settleTransient(installation, objectId)));
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, askOn));
  return unwell;
}

async function settleTransient({ client, over }: Asked, objectId: string): Promise<string[]> {
  const handle = client.workflow.getHandle(workflowId.transient(objectId));
  for (;;) {
    const { queued, running, reacting, failed } = await persistently(over, () => handle.query(statusQuery));
    if (queued + running.length + reacting.length > 0) {
      await sleep(POLL_MS);
      continue;
    }
    const { status } = await persistently(over, () => handle.describe());
    const isWell = status.name === 'RUNNING' || status.name === 'COMPLETED';
    const units = failed.map(({ unit, error }) => `${objectId}: ${unit} failed: ${error}`);
    return isWell ? units : [`${objectId}: ${status.name}`, ...units];
  }
}
