import { createContext, Script } from 'node:vm';

/** All guarded work of one turn of the event loop; what takes longer holds up every object of the process. */
const LIMIT_MS = 2_000;

interface Waiting {
  readonly work: () => void;
  readonly done: (isEnded: boolean) => void;
  readonly failed: (error: unknown) => void;
}

let waiting: Waiting[] = [];

/**
 * Runs synchronous work that might not end. False where it was ended because it did not end in time; rejects with what the
 * work throws. The work of one turn of the event loop shares a guard, which costs as much as a hundred light units.
 */
export function guardTime(work: () => void): Promise<boolean> {
  return new Promise((done, failed) => {
    waiting.push({ work, done, failed });
    if (waiting.length === 1) setImmediate(runWaiting);
  });
}

function runWaiting(): void {
  let batch = waiting;
  waiting = [];
  while (batch.length > 0) {
    let next = 0;
    const isEnded = endsInTime(() => {
      for (; next < batch.length; next++) {
        const { work, done, failed } = batch[next] ?? idle;
        try {
          work();
          done(true);
        } catch (error) {
          failed(error);
        }
      }
    });
    if (isEnded) return;
    batch[next]?.done(false);
    batch = batch.slice(next + 1);
  }
}

const idle: Waiting = { work: () => undefined, done: () => undefined, failed: () => undefined };

/** `vm` ends whatever runs inside a script at its time limit, what the script calls included. */
const context = createContext({ work: idle.work });
const script = new Script('work()');

function endsInTime(work: () => void): boolean {
  context['work'] = work;
  try {
    script.runInContext(context, { timeout: LIMIT_MS });
    return true;
  } catch (error) {
    if (isTimeout(error)) return false;
    throw error;
  } finally {
    context['work'] = idle.work;
  }
}

function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}
