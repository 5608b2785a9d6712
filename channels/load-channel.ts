import { open } from 'node:fs/promises';
import { z } from 'zod';
import { dirname } from 'node:path';
import { filesIn } from './channel-folder.js';
import { checkChannel, type ChannelCheck } from './check-channel.js';
import type { KnownUnits } from './check-units.js';
import { MAX_YAML_BYTES, tooLarge } from './read-yaml.js';

/** A check with the text that it was made on, to show the lines of its errors; empty where there is none. */
export type LoadedChannel = ChannelCheck & { readonly text: string };

/** Reads and checks a channel file. Never throws on a bad one: that it cannot be read is one of its errors. */
export async function loadChannel(file: string, known: KnownUnits): Promise<LoadedChannel> {
  let text: string;
  try {
    text = await readText(file);
  } catch (error) {
    const message = problemOf(error);
    return { ok: false, errors: [{ file, line: 1, column: 1, path: '', message }], text: '' };
  }
  return { ...checkChannel(text, file, known, filesIn(dirname(file))), text };
}

async function readText(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_YAML_BYTES) throw new RangeError(tooLarge(size));
    return new TextDecoder('utf-8', { fatal: true }).decode(await handle.readFile());
  } finally {
    await handle.close();
  }
}

const thrown = z.object({ code: z.string().optional(), message: z.string() });

const PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file, expected a channel such as channels/HU_RAPID.yaml',
  ENOTDIR: 'there is no such file, expected a channel such as channels/HU_RAPID.yaml',
  EISDIR: 'found a folder, expected a file: name one channel',
  EACCES: 'this file may not be read by you: look at its permissions',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'found bytes that are no UTF-8 text, expected a channel in YAML',
};

function problemOf(error: unknown): string {
  const { code, message } = thrown.parse(error);
  return PROBLEMS[code ?? ''] ?? message;
}
