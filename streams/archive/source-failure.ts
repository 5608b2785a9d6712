/**
 * The disk or the network fails, not what is read from it: whoever reads tries again later, and passes no position.
 * The message has the path or address.
 */
export class SourceFailure extends Error {
  override readonly name = 'SourceFailure';
}

/** The bytes of a file or an answer. Throws `SourceFailure` where they break off. */
export async function* sourceBytes(path: string, stream: AsyncIterable<unknown>): AsyncGenerator<Buffer, void> {
  let length = 0;
  try {
    for await (const chunk of stream) {
      const bytes = bufferOf(chunk);
      length += bytes.length;
      yield bytes;
    }
  } catch (error) {
    throw new SourceFailure(`${path} breaks off after ${length} bytes: ${reasonOf(error)}`, { cause: error });
  }
}

/** What happened, for a person: `fetch` hides it in the cause. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error) ?? String(error);
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : undefined;
  const reason = messageOf(cause);
  return reason === undefined || reason === message ? message : `${message}: ${reason}`;
}

/** What came from another realm is no instance of our `Error`. */
function messageOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return typeof error.message === 'string' ? error.message : undefined;
}

function bufferOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new TypeError('a stream of bytes gave something else');
}
