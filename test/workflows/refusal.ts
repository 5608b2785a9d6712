import { ApplicationFailure } from '@temporalio/common';

/** The message with which an update was refused. Throws where it was not. */
export async function refusal(update: Promise<unknown>): Promise<string> {
  const error: unknown = await update.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof Error && error.cause instanceof ApplicationFailure) return error.cause.message;
  throw new Error('the update was not refused', { cause: error });
}
