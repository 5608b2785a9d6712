import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { fileSha256 } from './file-sha256.js';
import type { Environment } from './progress.js';
import type { ProgramRelease, ServerProgram } from './server-program.js';

const receiptSchema = z.object({ sha256: z.string(), sizeBytes: z.number(), modifiedMs: z.number() });

/** The folder that keeps fetched programs: `AMPEL_CACHE`, else the user's cache folder. */
export function cacheFolder(env: Environment): string {
  return env['AMPEL_CACHE'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ampel-temporal');
}

export function cachedPath(program: ServerProgram, release: ProgramRelease, env: Environment): string {
  return join(cacheFolder(env), `${program.name}-${release.version}`, program.name);
}

/**
 * Puts a fetched program into the cache and answers its path there. It comes by one rename: another process sees the
 * whole program or none, and two that fetch at the same time leave the one or the other, both good.
 */
export async function keepInCache(
  fetched: string,
  program: ServerProgram,
  release: ProgramRelease,
  env: Environment,
): Promise<string> {
  const path = cachedPath(program, release, env);
  await mkdir(join(path, '..'), { recursive: true });
  const sha256 = release.programSha256 ?? (await fileSha256(fetched));
  await rename(fetched, path);
  await writeReceipt(path, sha256);
  return path;
}

/**
 * The cached program's path, or undefined if there is none. Throws if the file is not what was put there.
 * Hashing 150 MB takes half a second, so it is done again only when size or time of the file have changed since.
 */
export async function lookUpInCache(
  program: ServerProgram,
  release: ProgramRelease,
  env: Environment,
): Promise<string | undefined> {
  const path = cachedPath(program, release, env);
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) return undefined;
  const receipt = await readReceipt(path);
  const expected = release.programSha256 ?? receipt?.sha256;
  if (expected === undefined) throw new Error(`${path} has no record of its sha256; remove it`);
  const unchanged = receipt?.sizeBytes === file.size && receipt.modifiedMs === file.mtimeMs;
  if (unchanged && receipt.sha256 === expected) return path;
  const found = await fileSha256(path);
  if (found !== expected) throw new Error(`${path} has sha256 ${found}, expected ${expected}; remove it`);
  await writeReceipt(path, expected);
  return path;
}

async function readReceipt(path: string): Promise<z.infer<typeof receiptSchema> | undefined> {
  try {
    return receiptSchema.parse(JSON.parse(await readFile(`${path}.checked.json`, 'utf8')));
  } catch {
    return undefined;
  }
}

async function writeReceipt(path: string, sha256: string): Promise<void> {
  const file = await stat(path);
  const temporary = `${path}.checked.${randomUUID()}.json`;
  await writeFile(temporary, JSON.stringify({ sha256, sizeBytes: file.size, modifiedMs: file.mtimeMs }));
  await rename(temporary, `${path}.checked.json`).catch(async (error: unknown) => {
    await rm(temporary, { force: true });
    throw error;
  });
}
