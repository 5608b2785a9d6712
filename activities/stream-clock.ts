import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { DeadlineDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { signalInParallel } from './signal-in-parallel.js';

/** The clock of a stream, as its reader tells it to the transients that wait for it. */
export class StreamClock {
  /** Keys of deadlines whose transient knows that they are due: a signal is in its history and needs no second one. */
  private readonly told = new Set<string>();

  constructor(
    private readonly client: Client,
    private readonly store: Store,
    private readonly stream: string,
  ) {}

  /** Tells of the deadlines that the clock has passed. Returns how many of them wait for their transients. */
  async advance(clockJd: number): Promise<number> {
    const due = await this.store.deadlines.find({ stream: this.stream, dueJd: { $lte: clockJd } }).toArray();
    const waiting = await this.dropTaken(due);
    const byWorkflow = new Map<string, string[]>();
    for (const { _id, workflowId } of waiting) {
      if (this.told.has(_id)) continue;
      byWorkflow.set(workflowId, [...(byWorkflow.get(workflowId) ?? []), _id]);
    }
    await signalInParallel([...byWorkflow], ([workflowId, keys]) => this.tell(workflowId, keys, clockJd));
    return waiting.length;
  }

  /** A reaction that is under way or called off needs no clock: its deadline was written by an attempt that came late. */
  private async dropTaken(due: readonly DeadlineDocument[]): Promise<readonly DeadlineDocument[]> {
    if (due.length === 0) return due;
    const { reactions, deadlines } = this.store;
    const keys = due.map(({ _id }) => _id);
    const found = await reactions.find({ _id: { $in: keys } }, { projection: { _id: 1 } }).toArray();
    if (found.length === 0) return due;
    const taken = new Set(found.map(({ _id }) => _id));
    await deadlines.deleteMany({ _id: { $in: [...taken] } });
    return due.filter(({ _id }) => !taken.has(_id));
  }

  private async tell(workflowId: string, keys: readonly string[], clockJd: number): Promise<void> {
    try {
      await this.client.workflow.getHandle(workflowId).signal<[number]>('clock', clockJd);
      for (const key of keys) this.told.add(key);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      // It closes by itself only when nothing waits: a person has ended it, and its deadlines with it.
      await this.store.deadlines.deleteMany({ _id: { $in: [...keys] } });
    }
  }
}
