import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 200;

/** Asks again and again until there is an answer; undefined where there is none after `timeoutMs`. */
export async function poll<Answer>(
  ask: () => Promise<Answer | undefined>,
  timeoutMs: number,
): Promise<Answer | undefined> {
  const endMs = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() > endMs) return answer;
    await sleep(EVERY_MS);
  }
}
