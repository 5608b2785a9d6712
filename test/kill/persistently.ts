import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '@temporalio/client';
import { MongoError } from 'mongodb';

const RETRY_MS = 100;

/** Asks a server until it answers, as in these tests it is away from time to time, or until all is `over`. */
export async function persistently<Answer>(over: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    over.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof MongoError)) throw error;
    }
    await sleep(RETRY_MS);
  }
}
