import { CliError } from './cli-error.js';

/** Nobody did in time what was asked for: it is kept and done as soon as a worker runs. `waits`: what waits for that. */
export function noWorker(waits: string): CliError {
  const hint = 'Start one with "ampel worker". What was asked for is kept: it need not be asked again.';
  return new CliError(`No worker answers: ${waits}`, 4, hint);
}
