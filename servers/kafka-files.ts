import { mkdir, mkdtemp, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { types } from 'node:util';
import { cacheFolder } from './binary-cache.js';
import { fileSha256 } from './file-sha256.js';
import { downloadKafka } from './kafka-download.js';
import { KAFKA_JARS, KAFKA_VERSION } from './kafka-jars.js';
import { downloadMavenJars } from './kafka-package.js';
import type { Environment, ReportProgress } from './progress.js';
import { ServerError } from './server-error.js';

const TITLE = 'Kafka';
const OLDEST_MAJOR = 4;
/** Written last: a folder with it was whole and checked. */
const CHECKED = 'checked';

/** The files of a broker. */
export interface KafkaFiles {
  /** Holds the jars, all of which go on Java's class path. */
  readonly libs: string;
  readonly version: string;
}

export interface FindKafkaOptions {
  readonly env: Environment;
  readonly onProgress?: ReportProgress;
  /** Where the maker's archive is, unless a test serves another. */
  readonly archiveUrl?: string;
  /** What has to be in it, by file name. */
  readonly jars?: Readonly<Record<string, string>>;
}

type Fetch = (folder: string, names: readonly string[], onProgress: ReportProgress) => Promise<void>;

/**
 * Finds the files of a Kafka broker, or fetches them: the installation in `KAFKA_HOME`, the one whose programs are on
 * PATH, the cache, the maker's download, the packages through Maven. What is fetched is checked file by file against the
 * pinned sums. Throws `ServerError` with what each step met.
 */
export async function findKafka(options: FindKafkaOptions): Promise<KafkaFiles> {
  const { env } = options;
  const home = env['KAFKA_HOME'];
  if (home !== undefined && home !== '') return givenKafka(home);
  const attempts: string[] = [];
  const found = (await searchPath(env, attempts)) ?? (await searchCache(options)) ?? (await fetch(options, attempts));
  if (found !== undefined) return found;
  throw new ServerError(
    `No ${TITLE} was found or could be fetched:\n${attempts.map((line) => `  - ${line}`).join('\n')}`,
    'Install Kafka 4 and set KAFKA_HOME, or name brokers that run already: AMPEL_KAFKA_BROKERS=host:port,host:port.',
  );
}

async function givenKafka(home: string): Promise<KafkaFiles> {
  const fail = (reason: string): ServerError =>
    new ServerError(`KAFKA_HOME=${home}: ${reason}`, 'Give the folder of a Kafka 4 installation, or unset it.');
  if (!isAbsolute(home)) throw fail('expected an absolute path');
  const version = await brokerVersion(join(home, 'libs'));
  if (version === undefined) throw fail('there is no Kafka broker in its folder libs');
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) throw fail(`it is version ${version}, older than ${OLDEST_MAJOR}`);
  return { libs: join(home, 'libs'), version };
}

async function searchPath(env: Environment, attempts: string[]): Promise<KafkaFiles | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
    for (const name of ['kafka-server-start.sh', 'kafka-server-start']) {
      const script = await realpath(join(folder, name)).catch(() => undefined);
      if (script === undefined) continue;
      const libs = join(dirname(dirname(script)), 'libs');
      const version = await brokerVersion(libs);
      if (version !== undefined && Number.parseInt(version, 10) >= OLDEST_MAJOR) return { libs, version };
      attempts.push(`PATH: ${script} has no broker of version ${OLDEST_MAJOR} or later beside it`);
    }
  }
  if (attempts.length === 0) attempts.push('PATH: no kafka-server-start');
  return undefined;
}

/** `4.1.0` of `kafka_2.13-4.1.0.jar`. */
async function brokerVersion(libs: string): Promise<string | undefined> {
  const files = await readdir(libs).catch(() => []);
  return files
    .map((file) => /^kafka_[\d.]+-(\d+\.\d+\.\d+)\.jar$/.exec(file)?.[1])
    .find((found) => found !== undefined);
}

function cached({ env }: FindKafkaOptions): string {
  return join(cacheFolder(env), `kafka-${KAFKA_VERSION}`);
}

async function searchCache(options: FindKafkaOptions): Promise<KafkaFiles | undefined> {
  const folder = cached(options);
  const files: readonly string[] = await readdir(folder).catch(() => []);
  return files.includes(CHECKED) ? { libs: join(folder, 'libs'), version: KAFKA_VERSION } : undefined;
}

async function fetch(options: FindKafkaOptions, attempts: string[]): Promise<KafkaFiles | undefined> {
  const { env, onProgress = () => undefined, archiveUrl } = options;
  const sources: [string, Fetch][] = [
    ['official download', (folder, names, report) => downloadKafka(folder, names, report, archiveUrl)],
    ['packages through mvn', (folder, names, report) => downloadMavenJars(folder, names, env, report)],
  ];
  for (const [from, get] of sources) {
    try {
      onProgress({ message: `fetching ${TITLE} ${KAFKA_VERSION} (${from})` });
      const found = await fetchFrom(get, options, onProgress);
      onProgress({ message: `${TITLE} ${KAFKA_VERSION} is kept in ${cached(options)}` });
      return found;
    } catch (error) {
      attempts.push(`${from}: ${types.isNativeError(error) ? error.message : String(error)}`);
    }
  }
  return undefined;
}

async function fetchFrom(get: Fetch, options: FindKafkaOptions, onProgress: ReportProgress): Promise<KafkaFiles> {
  const { jars = KAFKA_JARS, env } = options;
  await mkdir(cacheFolder(env), { recursive: true });
  // Inside the cache, so that the last step is a rename within one file system.
  const folder = await mkdtemp(join(cacheFolder(env), 'fetching-'));
  try {
    const libs = join(folder, 'libs');
    await mkdir(libs);
    await get(libs, Object.keys(jars), onProgress);
    await checkJars(libs, jars);
    await writeFile(join(folder, CHECKED), `${Object.keys(jars).length} files of Kafka ${KAFKA_VERSION}\n`);
    // Another process may have been quicker; its files are the same.
    const taken = await rename(folder, cached(options)).catch((error: unknown) => error);
    const found = await searchCache(options);
    if (found === undefined) throw new Error(`they cannot be put into ${cached(options)}: ${String(taken)}`);
    return found;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkJars(libs: string, jars: Readonly<Record<string, string>>): Promise<void> {
  const found = await readdir(libs);
  const foreign = found.filter((name) => jars[name] === undefined);
  if (foreign.length > 0) throw new Error(`it brought files that are not in the pinned list: ${foreign.join(', ')}`);
  for (const [name, expected] of Object.entries(jars)) {
    if (!found.includes(name)) throw new Error(`it brought no ${name}`);
    const sum = await fileSha256(join(libs, name));
    if (sum !== expected) throw new Error(`${name} has sha256 ${sum}, but the pinned sum is ${expected}: not used`);
  }
}
