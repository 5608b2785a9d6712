import { setTimeout as sleep } from 'node:timers/promises';
import { openStore, type Store } from '../store/store.js';
import { runWorkers, type RunningWorkers, type WorkerOptions } from './run-workers.js';

export interface KeepOptions extends Omit<WorkerOptions, 'store'> {
  /** Tells that the workers run, after each start. */
  readonly onRunning?: () => void;
  /** Tells why they do not, and when the next try is. */
  readonly onTrouble?: (error: unknown, waitMs: number) => void;
}

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 15_000;

/**
 * Keeps workers going until they are stopped. While they run, servers that go away and come back are the SDK's and the
 * driver's business; here they are started again where a server is away at the start, as after a power cut, or one fails.
 */
export function keepWorkers(options: KeepOptions): RunningWorkers {
  const { services, onRunning, onTrouble } = options;
  const stopping = new AbortController();
  const untilStopped = new Promise<void>((resolve) => {
    stopping.signal.addEventListener('abort', () => {
      resolve();
    });
  });
  let store: Store | undefined;
  let waitMs = FIRST_WAIT_MS;

  async function run(): Promise<void> {
    store ??= await openStore(services.mongodb);
    const workers = await runWorkers({ ...options, store });
    waitMs = FIRST_WAIT_MS;
    onRunning?.();
    await Promise.race([workers.ended, untilStopped]);
    await workers.stop();
  }

  async function keep(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await run();
      } catch (error) {
        onTrouble?.(error, waitMs);
        await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
        waitMs = Math.min(2 * waitMs, MAX_WAIT_MS);
      }
    }
    await store?.close();
  }

  const ended = keep();
  return {
    ended,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
