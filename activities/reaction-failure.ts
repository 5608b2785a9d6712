import { ApplicationFailure } from '@temporalio/common';

/** Never again: the receiver has said no, or nobody could say it. */
export function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'ReactionRefused');
}

/** To be tried once more, after a while that is asked for. */
export function later(message: string, afterMs: number | undefined): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'TryAgain',
    ...(afterMs !== undefined && { nextRetryDelay: afterMs }),
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : String(error);
}
