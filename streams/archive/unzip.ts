import { createGunzip, type Gunzip } from 'node:zlib';

/** It may grow a thousandfold, and what one piece gives is in memory as a whole. */
const PIECE_BYTES = 64 * 1024;

/**
 * What a gzip holds, up to the byte where it is damaged or ends too early: then, and not before, it throws. (A stream of
 * Node's drops what it has not yet handed on when it fails.)
 */
export async function* unzip(file: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip();
  const unzipped: Buffer[] = [];
  gunzip.on('error', () => undefined);
  gunzip.on('data', (chunk: Buffer) => unzipped.push(chunk));
  try {
    for await (const chunk of file) {
      for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
        const piece = chunk.subarray(start, start + PIECE_BYTES);
        const failure = await outcome(gunzip, (done) => gunzip.write(piece, done));
        yield* unzipped.splice(0);
        if (failure) throw failure;
      }
    }
    const failure = await outcome(gunzip, (done) => gunzip.once('end', done).end());
    yield* unzipped.splice(0);
    if (failure) throw failure;
  } finally {
    gunzip.destroy();
  }
}

type Done = (failure?: Error | null) => void;

/** How a step ended: a failed one calls nobody back, it emits an error. */
function outcome(gunzip: Gunzip, step: (done: Done) => unknown): Promise<Error | null | undefined> {
  return new Promise((resolve) => {
    const done: Done = (failure) => {
      gunzip.off('error', done);
      resolve(failure);
    };
    gunzip.on('error', done);
    step(done);
  });
}
