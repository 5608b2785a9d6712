import { NO_CLIENTS } from './no-clients.js';
import { loadRegistry, UnknownUnit, type Registry } from './registry.js';
import { SetupProblem } from './setup-problem.js';
import { failure, runJob, type UnitAnswer, type UnitJob } from './unit-job.js';

/** What crosses to a thread. */
export interface ThreadTask {
  readonly job: UnitJob;
  /** The unit's version, as the process of the thread knows it. */
  readonly version: string;
}

/**
 * What a thread of the pool runs: one job at a time. A thread reads the units when it starts, which may be long after its
 * process did: where they are others by then, nothing is computed under the wrong version.
 */
export default async function runInThread({ job, version }: ThreadTask): Promise<UnitAnswer> {
  let registry: Registry;
  let found: string;
  try {
    registry = await loadRegistry();
    found = registry.t2(job.unit).version;
  } catch (error) {
    if (error instanceof SetupProblem || error instanceof UnknownUnit) return startAgain(error.message);
    throw error;
  }
  if (found !== version) return startAgain(`${job.unit} is of version ${found} now, and of ${version} in this worker`);
  return await runJob(registry, job, NO_CLIENTS);
}

function startAgain(why: string): UnitAnswer {
  return failure('try again', `the units have changed since this worker was started, start it again: ${why}`);
}
