import { forAll, type FailedTask, type UnitTask } from '../model/transient.js';

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
  /** Asked for by more channels while it runs: looked at again when it ends. */
  private readonly again = new Map<string, UnitTask>();
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

  /** Asks for tasks; one that waits or runs already is not run twice, for whichever channels. */
  add(tasks: readonly UnitTask[], because?: string): void {
    for (const task of tasks) {
      const waiting = this.queued.findIndex((one) => one.task.key === task.key);
      const other = this.queued[waiting];
      if (other !== undefined) this.queued[waiting] = { ...other, task: forAll(other.task, task) };
      else if (!this.started.has(task.key)) this.queued.push({ task, ...(because === undefined ? {} : { because }) });
      else this.askAgain(task);
    }
  }

  /** Takes the next tasks to start, as many as may run at once; one that builds on others comes after them. */
  take(): QueuedTask[] {
    const underWay = new Set([...this.started.keys(), ...this.queued.map(({ task }) => task.key)]);
    const isReady = ({ task }: QueuedTask): boolean => task.after?.some((key) => underWay.has(key)) !== true;
    const next = this.queued.filter(isReady).slice(0, Math.max(0, MAX_RUNNING - this.started.size));
    this.queued = this.queued.filter((one) => !next.includes(one));
    for (const one of next) this.started.set(one.task.key, one);
    return next;
  }

  /** What failed for the lack of this result is tried again. */
  succeed(key: string): void {
    const unit = this.started.get(key)?.task.unit ?? '';
    this.end(key);
    this.failures.delete(key);
    const hoping = this.failed.filter(({ after }) => after?.includes(key));
    this.add(hoping.map(withoutError), `${unit} has a result now`);
  }

  fail(key: string, error: string): void {
    const task = this.started.get(key)?.task;
    this.end(key);
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
    this.add(again.map(withoutError), because);
    return again.length;
  }

  /** For the next run: what runs now is started again there, which its keyed result allows. */
  carried(): CarriedUnits {
    const again = Array.from(this.again.values(), (task) => ({ task }));
    return { queued: [...this.started.values(), ...this.queued, ...again], failed: this.failed };
  }

  /** The result of a run that has begun does not say that these channels want it too. */
  private askAgain(task: UnitTask): void {
    const running = this.started.get(task.key)?.task;
    const known = [...(running?.channels ?? []), ...(this.again.get(task.key)?.channels ?? [])];
    if (task.channels.every((channel) => known.includes(channel))) return;
    this.again.set(task.key, forAll(this.again.get(task.key) ?? task, task));
  }

  private end(key: string): void {
    this.started.delete(key);
    const more = this.again.get(key);
    this.again.delete(key);
    if (more !== undefined) this.queued.push({ task: more });
  }

  private isUnderWay({ key }: UnitTask): boolean {
    return this.started.has(key) || this.queued.some(({ task }) => task.key === key);
  }
}

function withoutError(failed: FailedTask): UnitTask {
  const task: UnitTask & { error?: string } = { ...failed };
  delete task.error;
  return task;
}
