import { z } from 'zod';
import type { Clients, Pictures } from '../define.js';
import type { SlackApi } from './slack-api.js';

/** Where pictures go: into the thread of a message. */
export interface Thread {
  readonly channel: string;
  readonly ts: string;
}

interface Access {
  readonly apiUrl: string;
  readonly timeoutSeconds: number;
}

const place = z.object({ upload_url: z.url(), file_id: z.string().regex(/^[A-Z0-9]{2,30}$/) });

/**
 * Adds the light curve, and the image stamps where there are some, to a thread. It is not tried again: the message is there without
 * them. Answers why they are missing, if they are.
 */
export async function postPictures(
  call: SlackApi,
  { fetch }: Pick<Clients, 'fetch'>,
  access: Access,
  thread: Thread,
  pictures: Pictures,
): Promise<string | undefined> {
  try {
    const drawn = [
      { name: 'light-curve.png', title: 'light curve', bytes: await pictures.lightCurve() },
      { name: 'image-stamps.png', title: 'image stamps', bytes: await pictures.cutouts() },
    ];
    const files: { readonly id: string; readonly title: string }[] = [];
    for (const { name, title, bytes } of drawn) {
      if (bytes === undefined) continue;
      const given = await call('files.getUploadURLExternal', { filename: name, length: bytes.length, alt_txt: title });
      const { upload_url: url, file_id: id } = place.parse(given);
      await upload(fetch, access, url, bytes);
      files.push({ id, title });
    }
    await call('files.completeUploadExternal', { files, channel_id: thread.channel, thread_ts: thread.ts });
    return undefined;
  } catch (error) {
    return `without pictures: ${error instanceof z.ZodError ? 'Slack gives no place for a file' : messageOf(error)}`;
  }
}

/** The address holds the right to write there: no token goes with it. */
async function upload(fetch: Clients['fetch'], access: Access, url: string, bytes: Uint8Array): Promise<void> {
  if (!isTrusted(url, access.apiUrl)) throw new Error('Slack gives an address of another kind for a file');
  const response = await fetch(url, {
    ...{ method: 'POST', redirect: 'manual', body: Buffer.from(bytes) },
    ...{ headers: { 'content-type': 'image/png' }, signal: AbortSignal.timeout(access.timeoutSeconds * 1000) },
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the file was answered with ${response.status}`);
}

function isTrusted(url: string, apiUrl: string): boolean {
  const { protocol, host } = new URL(url);
  return protocol === 'https:' || host === new URL(apiUrl).host;
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 300);
}
