import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/** The file's sha256 in lower-case hexadecimal digits. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Throws unless the file has the sum; `source` says who gave the sum. */
export async function checkSha256(path: string, expected: string, source: string): Promise<void> {
  const found = await fileSha256(path);
  if (found !== expected) throw new Error(`its sha256 is ${found}, but ${source} says ${expected}: not used`);
}
