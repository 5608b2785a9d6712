import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { nearestName } from '../model/nearest-name.js';
import { CliError } from './cli-error.js';

/** What is at this path. Throws `CliError` (wrong input) where there is nothing, with the name that is nearest to it. */
export async function requirePath(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new CliError(`${path} cannot be read: ${String(error)}`, 2);
    throw new CliError(`${path} does not exist`, 2, await hintFor(path));
  }
}

/** Throws `CliError` (wrong input) where there is no file at this path. */
export async function requireFile(path: string): Promise<void> {
  if ((await requirePath(path)).isDirectory()) throw new CliError(`${path} is a folder, expected a file`, 2);
}

/** Looks from the first part of the path that is not there. */
async function hintFor(path: string): Promise<string> {
  const folder = dirname(path);
  const entries = await readdir(folder).catch(codeOf);
  if (entries === 'ENOENT' && folder !== path) return hintFor(folder);
  if (entries === 'ENOTDIR') return `${folder} is a file.`;
  if (typeof entries === 'string') return `The folder ${folder} cannot be read.`;
  const meant = nearestName(path.slice(folder === '.' ? 0 : folder.length).replace(/^\.?\//, ''), entries);
  if (meant === undefined) return `There is nothing of a similar name in ${resolve(folder)}.`;
  return `Did you mean ${join(folder, meant)}?`;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
