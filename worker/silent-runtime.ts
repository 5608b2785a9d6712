import { Runtime, type Logger } from '@temporalio/worker';

/**
 * Sets up Temporal's runtime without a word, for work that tells by its errors what is wrong; by default it logs to
 * standard output too. One a process, and only where a worker then runs: an idle runtime keeps the process alive.
 */
export function silenceRuntime(): void {
  const silent = (): void => undefined;
  const logger: Logger = { log: silent, trace: silent, debug: silent, info: silent, warn: silent, error: silent };
  const telemetryOptions = { logging: { filter: 'OFF', forward: {} } };
  Runtime.install({ logger, telemetryOptions, shutdownSignals: [] });
}
