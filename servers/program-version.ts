import { execFile } from 'node:child_process';
import { promisify, types } from 'node:util';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/**
 * Runs the program to ask for its version (`6.0.5`).
 * Rejects with the first line of its complaint if it does not run here, as when a system library is missing.
 */
export async function programVersion(path: string, versionArguments: readonly string[]): Promise<string> {
  const { stdout } = await run(path, versionArguments, { timeout: TIMEOUT_MS }).catch((error: unknown) => {
    throw new Error(`it does not run here: ${firstComplaint(error)}`);
  });
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  if (version === undefined) throw new Error(`it printed no version but ${JSON.stringify(stdout.slice(0, 80))}`);
  return version;
}

/** The sign of `a - b`, part by part: `10.0.0` is after `9.1.0`. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

function firstComplaint(error: unknown): string {
  if (!types.isNativeError(error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : '';
  return (stderr === '' ? error.message : stderr).split('\n')[0] ?? error.message;
}
