import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ServerError } from './server-error.js';

const processSchema = z.object({ pid: z.number(), start: z.string() });
const temporalSchema = z.object({
  identity: processSchema,
  port: z.number(),
  uiPort: z.number(),
  namespace: z.string(),
  version: z.string().optional(),
});
const mongodbSchema = z.object({ identity: processSchema, port: z.number(), version: z.string().optional() });
const stateSchema = z.object({ temporal: temporalSchema.optional(), mongodb: mongodbSchema.optional() });

/** The servers that `ampel up` left running on a data folder, as far as it knows. */
export type BackgroundState = z.infer<typeof stateSchema>;

export function stateFile(folder: string): string {
  return join(folder, 'servers.json');
}

/** Reads the state file of a data folder; no file means no servers. Throws `ServerError` if it is not one of ours. */
export async function readState(folder: string): Promise<BackgroundState> {
  const file = stateFile(folder);
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new ServerError(
      `${file} does not say which servers run: ${reason}`,
      `Remove ${file}; servers that still run have to be ended by hand.`,
    );
  }
}

/** Replaces the state file in one step, so that a reader sees the old or the new one whole. */
export async function writeState(folder: string, state: BackgroundState): Promise<void> {
  const draft = `${stateFile(folder)}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`);
  await rename(draft, stateFile(folder));
}
