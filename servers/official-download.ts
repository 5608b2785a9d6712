import { createReadStream, createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { types } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { checkSha256 } from './file-sha256.js';
import type { ReportProgress } from './progress.js';
import type { OfficialSource } from './server-program.js';

const CONNECT_TIMEOUT_MS = 8_000;
const STALL_TIMEOUT_MS = 30_000;

const releaseSchema = z.object({ assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })) });

/**
 * Fetches the maker's archive into `folder`, checks its sha256 (the pinned one, else the one the maker publishes) and
 * answers the path of the file named `programName` in it. Rejects with the reason.
 */
export async function downloadOfficial(
  source: OfficialSource,
  programName: string,
  folder: string,
  onProgress: ReportProgress,
): Promise<string> {
  const archive = join(folder, 'archive.tgz');
  const published = source.archiveSha256 ?? (await publishedSha256(source));
  await downloadFile(source.url, archive, onProgress);
  await checkSha256(archive, published, source.archiveSha256 === undefined ? source.checksumUrl : 'the pinned sum');
  const program = join(folder, programName);
  await unpackOne(archive, programName, program);
  return program;
}

/** The sum in the maker's checksum file (`<sha256>  <file>` lines) or in a release listing with digests. */
export function findPublishedSha256(text: string, fileName: string): string | undefined {
  if (text.trimStart().startsWith('{')) {
    const listing = releaseSchema.safeParse(JSON.parse(text));
    const digest = listing.data?.assets.find(({ name }) => name === fileName)?.digest;
    return /^sha256:([0-9a-f]{64})$/.exec(digest ?? '')?.[1];
  }
  const line = text.split('\n').find((row) => row.trim().endsWith(fileName));
  return /^[0-9a-f]{64}\b/.exec(line ?? '')?.[0];
}

async function publishedSha256({ url, checksumUrl }: OfficialSource): Promise<string> {
  const response = await connect(checksumUrl);
  const sum = findPublishedSha256(await response.text(), basename(url));
  if (sum === undefined) throw new Error(`${checksumUrl} has no sha256 for ${basename(url)}`);
  return sum;
}

/** Fetches a file with its progress. Rejects with the reason, also where nothing comes any more. */
export async function downloadFile(url: string, path: string, onProgress: ReportProgress): Promise<void> {
  const stalled = new AbortController();
  const response = await connect(url, stalled);
  if (response.body === null) throw new Error(`${url} answered without a body`);
  const totalBytes = Number(response.headers.get('content-length') ?? '') || undefined;
  let receivedBytes = 0;
  const stallTimer = setTimeout(() => {
    stalled.abort(new Error(`${url} sent nothing for ${STALL_TIMEOUT_MS / 1000} s`));
  }, STALL_TIMEOUT_MS);
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      stallTimer.refresh();
      receivedBytes += chunk.length;
      onProgress({ message: `downloading ${basename(url)}`, receivedBytes, totalBytes });
      done(null, chunk);
    },
  });
  try {
    await pipeline(Readable.from(response.body), count, createWriteStream(path));
  } finally {
    clearTimeout(stallTimer);
  }
}

async function connect(url: string, controller = new AbortController()): Promise<Response> {
  const timer = setTimeout(() => {
    controller.abort(new Error(`no answer within ${CONNECT_TIMEOUT_MS / 1000} s`));
  }, CONNECT_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response;
  } catch (error) {
    throw new Error(`${url}: ${innermostMessage(error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** `fetch` says only "fetch failed"; the reason (no such host, refused) is in the cause. */
function innermostMessage(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  return types.isNativeError(error.cause) ? innermostMessage(error.cause) : error.message;
}

async function unpackOne(archive: string, name: string, target: string): Promise<void> {
  const found: string[] = [];
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    if (header.type !== 'file' || basename(header.name) !== name) {
      stream.on('end', next).resume();
      return;
    }
    found.push(header.name);
    pipeline(stream, createWriteStream(target)).then(() => {
      next();
    }, next);
  });
  await pipeline(createReadStream(archive), createGunzip(), tar);
  if (found.length === 0) throw new Error(`the archive holds no file ${name}`);
}
