import { setTimeout as sleep } from 'node:timers/promises';

/** A service that may go away and come back. */
export interface WatchedService {
  /** `Temporal at 127.0.0.1:7233` */
  readonly name: string;
  /** Resolves where the service answers. */
  readonly ask: () => Promise<unknown>;
}

export interface WatchOptions {
  readonly everyMs: number;
  /** An answer that takes longer is none. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/**
 * Asks services again and again until `signal` is aborted, and tells once when one does not answer any more and once
 * when it is back. What is done about it is for those who use the service.
 */
export async function watchServices(
  services: readonly WatchedService[],
  tell: (message: string) => void,
  options: WatchOptions,
): Promise<void> {
  await Promise.all(services.map((service) => watch(service, tell, options)));
}

async function watch(
  { name, ask }: WatchedService,
  tell: (message: string) => void,
  { everyMs, withinMs, signal }: WatchOptions,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  let isAway = false;
  while (!isOver()) {
    const answer = ask().then(
      () => true,
      () => false,
    );
    const answers = await Promise.race([answer, sleep(withinMs, false, { ref: false })]);
    // Who aborts also closes connections: that is no news.
    if (isOver()) return;
    if (isAway && answers) tell(`${name} is back`);
    if (!isAway && !answers) tell(`${name} does not answer; work goes on when it is back, nothing is lost`);
    isAway = !answers;
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
