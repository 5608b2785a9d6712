import * as wf from '@temporalio/workflow';

/**
 * Timers that are left running: re-arming one at each signal would cost two events a signal. Another one is set only for
 * an earlier time, so that few run at once.
 */
export class WakeTimer {
  private readonly armedMs = new Set<number>();

  constructor(private readonly onFired: () => void) {}

  /** Makes sure that a timer fires at `atMs` or before. */
  ensure(atMs: number, summary: string): void {
    if (Math.min(...this.armedMs) <= atMs) return;
    this.armedMs.add(atMs);
    void this.fireAt(atMs, summary);
  }

  private async fireAt(atMs: number, summary: string): Promise<void> {
    try {
      await wf.sleep(Math.max(1, atMs - Date.now()), { summary });
    } catch (error) {
      if (wf.isCancellation(error)) return; // the workflow is being cancelled
      throw error;
    }
    this.armedMs.delete(atMs);
    this.onFired();
  }
}
