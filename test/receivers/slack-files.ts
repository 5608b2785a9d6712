import { randomBytes } from 'node:crypto';

/** A file as Slack keeps it. */
export interface KeptFile {
  readonly filename: string;
  readonly length: number;
  bytes?: Buffer;
  title?: string;
  /** Where it is shown; nowhere before it is complete. */
  channel?: string;
  threadTs?: string;
}

type Reply = Readonly<Record<string, unknown>> & { readonly ok: boolean };

/** Slack's way of files: a place is given, the bytes go there, then the file is shown. https://docs.slack.dev/messaging/working-with-files */
export class SlackFiles {
  readonly #files = new Map<string, KeptFile>();

  /** Those that are shown in a conversation, in order. */
  shownIn(channel: string): readonly KeptFile[] {
    return [...this.#files.values()].filter((file) => file.channel === channel);
  }

  forget(): void {
    this.#files.clear();
  }

  give(filename: unknown, length: unknown, origin: string): Reply {
    if (typeof filename !== 'string' || !(Number(length) > 0)) return { ok: false, error: 'invalid_arguments' };
    const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    this.#files.set(id, { filename, length: Number(length) });
    return { ok: true, upload_url: `${origin}/upload/v1/${id}`, file_id: id };
  }

  /** True where the bytes are as many as were announced. */
  take(id: string, bytes: Buffer): boolean {
    const file = this.#files.get(id);
    if (file?.length !== bytes.length) return false;
    file.bytes = bytes;
    return true;
  }

  show(files: unknown, channel: unknown, threadTs: unknown): Reply {
    if (!Array.isArray(files) || typeof channel !== 'string') return { ok: false, error: 'invalid_arguments' };
    for (const { id, title } of files as { id: string; title?: string }[]) {
      const file = this.#files.get(id);
      if (file?.bytes === undefined) return { ok: false, error: 'file_not_found' };
      Object.assign(file, { title, channel, ...(typeof threadTs === 'string' && { threadTs }) });
    }
    return { ok: true, files };
  }
}
