import type { Recomputation } from '../model/recompute.js';

/** The computations of a portion: which wait and which run. Each is begun when nothing that it builds on is to come. */
export class RecomputeQueue {
  private waiting: readonly Recomputation[];
  private readonly running = new Set<string>();

  constructor(
    runs: readonly Recomputation[],
    private readonly maxRunning: number,
  ) {
    this.waiting = runs;
  }

  get isDone(): boolean {
    return this.waiting.length === 0 && this.running.size === 0;
  }

  get canTake(): boolean {
    return this.ready().length > 0;
  }

  /** The next ones, `most` at most: from here on they run. */
  take(most: number): readonly Recomputation[] {
    const next = this.ready().slice(0, most);
    this.waiting = this.waiting.filter((run) => !next.includes(run));
    for (const { task } of next) this.running.add(task.key);
    return next;
  }

  /** It has a result, or has failed. */
  end(key: string): void {
    this.running.delete(key);
  }

  private ready(): readonly Recomputation[] {
    const underWay = new Set([...this.running, ...this.waiting.map(({ task }) => task.key)]);
    const free = Math.max(0, this.maxRunning - this.running.size);
    return this.waiting.filter(({ task }) => task.after?.some((key) => underWay.has(key)) !== true).slice(0, free);
  }
}
