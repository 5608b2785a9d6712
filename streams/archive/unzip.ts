import { createGunzip, type Gunzip } from 'node:zlib';

/**
 * What a gzip holds, up to the byte where it is damaged or ends too early: then, and not before, it throws. (A stream of
 * Node's drops what it has not yet handed on when it fails.)
 */
export async function* unzip(file: AsyncIterable<unknown>): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip();
  const unzipped: Buffer[] = [];
  gunzip.on('error', () => undefined);
  gunzip.on('data', (chunk: Buffer) => unzipped.push(chunk));
  try {
    for await (const chunk of file) {
      const failure = await outcome(gunzip, (done) => gunzip.write(chunk, done));
      yield* unzipped.splice(0);
      if (failure) throw failure;
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
