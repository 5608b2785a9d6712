import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { NO_CLIENTS } from '../units/no-clients.js';
import type { Registry } from '../units/registry.js';
import { failure, runJob, type UnitAnswer, type UnitJob } from '../units/unit-job.js';
import type { ThreadTask } from '../units/unit-thread.js';

/** Where units that need much CPU run. */
export interface UnitRunner {
  /** Never rejects; at the end of `limitMs` the unit is ended, and that is the answer. */
  run(job: UnitJob, limitMs: number): Promise<UnitAnswer>;
  close(): Promise<void>;
}

/** A fit takes some MB; what grows beyond this would take the worker's memory. */
const MAX_HEAP_MB = 512;
/** A thread costs 30 MB: those that nobody needs end. */
const IDLE_MS = 60_000;

/**
 * A pool of threads: a unit that computes for minutes holds up nothing of its worker, and one that never ends is ended with
 * its thread. Threads read the units themselves, from the same configuration: they have the environment of the process.
 */
export function unitPool(registry: Registry, threads = availableParallelism()): UnitRunner {
  const pool = new Piscina({
    filename: threadFile(),
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
  });
  const free = new Places(threads);
  // A thread that ended with its task has been told to whoever waits for the task.
  pool.on('error', () => undefined);
  return {
    async run(job, limitMs) {
      // Its time begins with its thread: waiting for one is no fault of the unit.
      await free.take();
      const limit = new AbortController();
      const timer = setTimeout(() => {
        limit.abort();
      }, limitMs);
      try {
        const task: ThreadTask = { job, version: registry.t2(job.unit).version };
        return (await pool.run(task, { signal: limit.signal })) as UnitAnswer;
      } catch (error) {
        if (limit.signal.aborted) return failure('bad result', `${job.unit} gave no result within ${limitMs / 1000} s`);
        const message = error instanceof Error ? error.message : String(error);
        return failure('bad result', `${job.unit} ended its thread: ${message}`);
      } finally {
        clearTimeout(timer);
        free.give();
      }
    },
    close: () => pool.destroy(),
  };
}

/** Threads run what is built: from the sources of a checkout, too, the build is what they find. */
function threadFile(): string {
  const here = import.meta.url;
  const built = here.endsWith('.ts') ? '../dist/units/unit-thread.js' : '../units/unit-thread.js';
  return fileURLToPath(new URL(built, here));
}

/** Without threads: for a registry that exists in this process only. A unit that does not end is not ended. */
export function runnerInThisThread(registry: Registry): UnitRunner {
  return { run: (job) => runJob(registry, job, NO_CLIENTS), close: () => Promise.resolve() };
}

/** So many at a time; the others wait in order. */
class Places {
  private readonly waiting: (() => void)[] = [];

  constructor(private left: number) {}

  async take(): Promise<void> {
    if (this.left > 0) {
      this.left--;
      return;
    }
    await new Promise<void>((go) => {
      this.waiting.push(go);
    });
  }

  give(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.left++;
    else next();
  }
}
