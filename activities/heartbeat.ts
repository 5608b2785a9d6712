import { Context } from '@temporalio/activity';

/** So that a worker with much to do is not taken for a dead one. */
const HEARTBEAT_MS = 5_000;

/**
 * Tells Temporal that the worker lives as long as the work goes on, and how far it is where the work says so. Nothing of the work is
 * broken off where Temporal thinks otherwise.
 */
export async function whileBeating<Result>(work: (tell: (done: number) => void) => Promise<Result>): Promise<Result> {
  const context = Context.current();
  let progress: { readonly done: number } | undefined;
  const beat = setInterval(() => {
    context.heartbeat(progress);
  }, HEARTBEAT_MS);
  try {
    return await work((done) => {
      progress = { done };
      context.heartbeat(progress);
    });
  } finally {
    clearInterval(beat);
  }
}
