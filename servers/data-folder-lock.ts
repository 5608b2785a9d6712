import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { z } from 'zod';
import { identifyProcess, isRunning, type ProcessIdentity } from './process-identity.js';
import { ServerError } from './server-error.js';

const LEFTOVER_TIMEOUT_MS = 30_000;
const RETRY_MS = 100;

const identitySchema = z.object({ pid: z.number(), start: z.string() });
const lockSchema = z.object({ holder: identitySchema, servers: z.array(identitySchema) });

/** The right to start servers on a data folder. */
export interface DataFolderLock {
  /** Notes a server that was started under this lock and ends with its holder. */
  readonly note: (server: ProcessIdentity) => Promise<void>;
  readonly release: () => Promise<void>;
}

/**
 * Takes the folder for this process: two servers on the same files would spoil them. The lock of a process that was
 * killed is taken over, once the servers it left have stopped. Throws `ServerError` if the folder is in use.
 */
export async function lockDataFolder(folder: string): Promise<DataFolderLock> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'lock');
  const holder = await identifyProcess(process.pid);
  if (holder === undefined) throw new Error('this process cannot be identified');
  const servers: ProcessIdentity[] = [];
  while (!(await createFile(file, { holder, servers }))) await clearStaleLock(file, folder);
  return {
    note: async (server) => {
      servers.push(server);
      await writeFile(file, JSON.stringify({ holder, servers }));
    },
    release: () => rm(file, { force: true }),
  };
}

/** Creates the file with its content in one step, so that nobody reads an empty lock; false if it exists. */
async function createFile(file: string, content: z.infer<typeof lockSchema>): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, JSON.stringify(content));
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function clearStaleLock(file: string, folder: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const lock = parseLock(text);
  if (lock !== undefined && (await isRunning(lock.holder))) {
    throw new ServerError(
      `The data folder ${folder} is in use by process ${lock.holder.pid}.`,
      'Wait until it has ended, or choose another folder with --data-dir.',
    );
  }
  for (const server of lock?.servers ?? []) await waitForEnd(server, folder);
  await rm(file, { force: true });
}

function parseLock(text: string): z.infer<typeof lockSchema> | undefined {
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function waitForEnd(server: ProcessIdentity, folder: string): Promise<void> {
  const deadlineMs = Date.now() + LEFTOVER_TIMEOUT_MS;
  while (await isRunning(server)) {
    if (Date.now() > deadlineMs) {
      throw new ServerError(`Process ${server.pid} still uses ${folder}.`, `End it: kill ${server.pid}`);
    }
    await sleep(RETRY_MS);
  }
}
