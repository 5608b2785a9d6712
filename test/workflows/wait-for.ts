import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;
/** Below the suite's timeout, so that it is known what was waited for. */
const TIMEOUT_MS = 20_000;

/** Waits, in real time, until `holds` answers true. Throws with its source where it never does. */
export async function waitFor(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + TIMEOUT_MS;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`never held: ${String(holds)}`);
    await sleep(POLL_MS);
  }
}
