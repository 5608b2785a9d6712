import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from './cli-error.js';
import { noWorker } from './no-worker.js';
import { poll } from './poll.js';
import { readStream, type ShownStream } from './shown-stream.js';
import { statusLine } from './status-line.js';
import { progressText } from './stream-text.js';
import type { Services } from './with-services.js';

/** Heartbeats come every few seconds. */
const LOOK_EVERY_MS = 500;

/** Waits until a worker reads the stream. Throws `CliError` where it failed at once, or where no worker answers in time. */
export async function streamTakenUp(services: Services, name: string, timeoutMs: number): Promise<ShownStream> {
  const shown = await poll(async () => {
    const now = await readStream(services, name);
    return now.state === 'starting' ? undefined : now;
  }, timeoutMs);
  if (shown === undefined) throw noWorker(`stream ${name} is started, but nobody reads it yet`);
  return requireNoFailure(shown);
}

/** Shows on stderr how far the stream is until it has ended. Throws `CliError` where it failed. */
export async function streamEnd(services: Services, name: string): Promise<ShownStream> {
  const line = statusLine();
  try {
    for (;;) {
      const shown = await readStream(services, name);
      if (!['starting', 'running', 'paused'].includes(shown.state)) return requireNoFailure(shown);
      line.show(progressText(shown));
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    line.end();
  }
}

function requireNoFailure(shown: ShownStream): ShownStream {
  const { name, state, failure } = shown;
  if (state === 'failed') throw new CliError(`Stream ${name} failed: ${failure?.message ?? 'nobody knows why'}`, 1);
  if (state === 'terminated') throw new CliError(`The workflow of stream ${name} was ended from outside`, 1);
  return shown;
}
