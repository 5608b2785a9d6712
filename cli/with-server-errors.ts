import { ServerError } from '../servers/server-error.js';
import { CliError } from './cli-error.js';

/** Does the work; a server that cannot be had becomes the end of the program with exit status 4. */
export async function withServerErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServerError) throw new CliError(error.message, 4, error.hint);
    throw error;
  }
}
