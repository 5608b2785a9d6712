import type { FailedTask, UnitTask } from '../model/transient.js';

/** A unit run that was asked for. */
export interface QueuedTask {
  readonly task: UnitTask;
  /** Who asked for it again and why; undefined for the first run. */
  readonly because?: string;
}

/** What is handed to the next run: plain JSON. */
export interface CarriedUnits {
  readonly queued: readonly QueuedTask[];
  readonly failed: readonly FailedTask[];
}

/** A server takes 2,000 pending activities of one workflow: with a T2 worker away, an archive would reach that. */
const MAX_RUNNING = 100;
/** With its error a failed task takes about 500 bytes of what each run hands to the next; older ones stay in `results`. */
const MAX_FAILED = 200;
const MAX_ERROR_LENGTH = 300;

/** Heavy T2 units of one object: which wait, run, or failed for good. A unit that fails holds up no other. */
export class UnitLedger {
  private queued: QueuedTask[];
  private readonly started = new Map<string, QueuedTask>();
  private readonly failures: Map<string, FailedTask>;

  constructor(carried: CarriedUnits = { queued: [], failed: [] }) {
    this.queued = [...carried.queued];
    this.failures = new Map(carried.failed.map((task) => [task.key, task]));
  }

  get running(): readonly UnitTask[] {
    return Array.from(this.started.values(), ({ task }) => task);
  }

  get waiting(): readonly UnitTask[] {
    return this.queued.map(({ task }) => task);
  }

  get failed(): readonly FailedTask[] {
    return [...this.failures.values()];
  }

  /** Units with a failure, each once, in the order of their failing. */
  get failedUnits(): readonly string[] {
    return [...new Set(this.failed.map(({ unit }) => unit))];
  }

  /** Asks for tasks; one that waits or runs already is not run twice. */
  add(tasks: readonly UnitTask[], because?: string): void {
    const added = tasks.filter((task) => !this.isUnderWay(task));
    this.queued.push(...added.map((task) => ({ task, ...(because === undefined ? {} : { because }) })));
  }

  /** Takes the next tasks to start, as many as may run at once. */
  take(): QueuedTask[] {
    const next = this.queued.splice(0, MAX_RUNNING - this.started.size);
    for (const one of next) this.started.set(one.task.key, one);
    return next;
  }

  succeed(key: string): void {
    this.started.delete(key);
    this.failures.delete(key);
  }

  fail(key: string, error: string): void {
    const task = this.started.get(key)?.task;
    this.started.delete(key);
    if (task === undefined) return;
    this.failures.delete(key);
    this.failures.set(key, { ...task, error: error.slice(0, MAX_ERROR_LENGTH) });
    const [oldest] = this.failures.keys();
    if (this.failures.size > MAX_FAILED && oldest !== undefined) this.failures.delete(oldest);
  }

  /** Why `unit` cannot be run again; undefined where it can. */
  rerunProblem(unit: string): string | undefined {
    const failed = this.failed.filter((task) => task.unit === unit);
    if (failed.length === 0) {
      const others = this.failedUnits.join(', ');
      return `${unit} has not failed: ${others === '' ? 'no unit has' : `failed are ${others}`}`;
    }
    return failed.every((task) => this.isUnderWay(task)) ? `${unit} is being run again already` : undefined;
  }

  /** Asks for all failed tasks of a unit again and tells how many. They count as failed until they succeed. */
  rerun(unit: string, because: string): number {
    const again = this.failed.filter((task) => task.unit === unit && !this.isUnderWay(task));
    this.add(again.map(taskOf), because);
    return again.length;
  }

  /** For the next run: what runs now is started again there, which its keyed result allows. */
  carried(): CarriedUnits {
    return { queued: [...this.started.values(), ...this.queued], failed: this.failed };
  }

  private isUnderWay({ key }: UnitTask): boolean {
    return this.started.has(key) || this.queued.some(({ task }) => task.key === key);
  }
}

function taskOf({ key, unit, link, alertId, jd, channels }: FailedTask): UnitTask {
  return { key, unit, link, alertId, jd, channels };
}
