import { createWriteStream } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReportProgress } from '../../servers/progress.js';
import { CliError } from '../cli-error.js';

/** True for the address of a night on the web, false for a path. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//.test(source);
}

/**
 * Writes what is at an address, such as a nightly tar of a public alert archive, to a file in `folder`, never holding
 * more than a piece of it. Answers the file's path. Throws `CliError` where it cannot be had.
 */
export async function download(url: string, folder: string, onProgress: ReportProgress): Promise<string> {
  const message = `downloading ${url}`;
  onProgress({ message });
  const response = await get(url);
  if (!response.ok || response.body === null) {
    throw new CliError(`${url}: the server answers ${response.status} ${response.statusText}`.trimEnd(), 4);
  }
  const path = join(folder, basename(new URL(url).pathname) || 'night.tar');
  const totalBytes = Number(response.headers.get('content-length') ?? NaN);
  let receivedBytes = 0;
  const body: ReadableStream<Uint8Array> = response.body;
  const counting = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      receivedBytes += chunk.length;
      onProgress({ message, receivedBytes, ...(Number.isFinite(totalBytes) && { totalBytes }) });
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.fromWeb(body), counting, createWriteStream(path));
  } catch (error) {
    throw new CliError(`${url}: the download broke off after ${receivedBytes} bytes: ${reasonOf(error)}`, 4);
  }
  return path;
}

async function get(url: string): Promise<Response> {
  try {
    return await fetch(url);
  } catch (error) {
    throw new CliError(
      `${url} cannot be reached: ${reasonOf(error)}`,
      4,
      'Is the address right, and the network there?',
    );
  }
}

/** `fetch` says no more than "fetch failed"; what happened is in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
