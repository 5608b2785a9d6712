import { setTimeout as sleep } from 'node:timers/promises';

const LIMIT_MS = 90_000;
const LOOK_MS = 25;

/** Waits until the condition holds; throws with `what` after a time that no run takes. */
export async function eventually(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadlineMs) throw new Error(`it never came to this: ${what}`);
    await sleep(LOOK_MS);
  }
}
