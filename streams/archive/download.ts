import { Readable } from 'node:stream';
import { reasonOf } from './source-failure.js';

/** A server that has sent nothing for so long has forgotten us. */
const STALLED_MS = 60_000;

/** True for what is fetched over HTTP. */
export function isAddress(path: string): boolean {
  return /^https?:\/\//.test(path);
}

/**
 * The bytes behind an address, as they come. Throws where it answers with anything but them; the bytes end with an error
 * where nothing comes for `stalledMs`.
 */
export async function download(address: string, stalledMs = STALLED_MS): Promise<AsyncIterable<unknown>> {
  const stalled = new AbortController();
  const timer = setTimeout(() => {
    stalled.abort(silence(stalledMs));
  }, stalledMs);
  try {
    const answer = await fetch(address, { signal: stalled.signal });
    if (answer.ok && answer.body !== null) return untilStalled(Readable.fromWeb(answer.body), stalledMs);
    await answer.body?.cancel();
    throw new Error(`it answers ${answer.status} ${answer.statusText}`);
  } catch (error) {
    throw new Error(`${address} cannot be read: ${reasonOf(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Only the time counts in which somebody waits: whoever reads may take longer. */
async function* untilStalled(body: Readable, stalledMs: number): AsyncGenerator<unknown, void> {
  const chunks: AsyncIterator<unknown, undefined> = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(() => body.destroy(silence(stalledMs)), stalledMs);
      const { done, value } = await chunks.next().finally(() => {
        clearTimeout(timer);
      });
      if (done === true) return;
      yield value;
    }
  } finally {
    body.destroy();
  }
}

function silence(stalledMs: number): Error {
  return new Error(`nothing has come for ${stalledMs / 1000} s`);
}
