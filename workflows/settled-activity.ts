import { ActivityFailure, TemporalFailure } from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';

/** What came of an activity: its value, or why it failed for good, or neither where the workflow itself was cancelled. */
export type Settled<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'failed'; readonly error: string }
  | { readonly outcome: 'cancelled' };

/** Waits for an activity without throwing what it throws. Other errors are bugs: they fail the workflow task, not the workflow. */
export async function settled<Value>(activity: Promise<Value>): Promise<Settled<Value>> {
  try {
    return { outcome: 'done', value: await activity };
  } catch (error) {
    if (isCancellation(error)) return { outcome: 'cancelled' };
    if (!(error instanceof TemporalFailure)) throw error;
    // A local activity throws the failure itself, another one wraps it.
    const failure = error instanceof ActivityFailure ? (error.cause ?? error) : error;
    return { outcome: 'failed', error: failure.message };
  }
}
