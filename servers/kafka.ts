import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify, types } from 'node:util';
import { choosePort, withFreePorts } from './free-port.js';
import { findJava } from './java.js';
import { answersKafka } from './kafka-answer.js';
import { findKafka } from './kafka-files.js';
import { kafkaProperties, LOG_SETTINGS, type KafkaListener, type OpenListener } from './kafka-settings.js';
import { LOCAL_HOST } from './local-address.js';
import type { Environment, ReportProgress } from './progress.js';
import { ServerError } from './server-error.js';
import { launch, type Launch, type ServerProcess } from './server-process.js';
import { waitUntilServing } from './wait-until-serving.js';

const run = promisify(execFile);
const TITLE = 'Kafka';
const FORMAT_TIMEOUT_MS = 60_000;

export interface KafkaOptions {
  /** Holds the broker's data, settings and log. */
  readonly folder: string;
  /** Of the listener without a login; 0, the default, takes a free one. */
  readonly port?: number;
  /** More doors to the same broker: with TLS, with a login. */
  readonly listeners?: readonly KafkaListener[];
  /** Added to the broker's properties, and stronger than ours. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Users that log in with a salted challenge; made with the data, so only at the first start on a folder. */
  readonly scramUsers?: readonly { readonly name: string; readonly password: string }[];
  /** Memory of the broker's Java heap. */
  readonly heapMb?: number;
  readonly life?: Launch['life'];
  readonly discard?: Launch['discard'];
  readonly onSpawn?: (process: ServerProcess) => Promise<void>;
  readonly onProgress?: ReportProgress;
  readonly env?: Environment;
}

export interface RunningKafka {
  /** `host:port` of the listener without a login. */
  readonly brokers: readonly string[];
  /** The same of the further listeners, by name. */
  readonly listeners: Readonly<Record<string, string>>;
  /** Stops what was started here: nothing where the brokers were named in the environment. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a Kafka broker of one node (KRaft) for this machine only, and returns when it answers. Brokers that are named in
 * `AMPEL_KAFKA_BROKERS` (`host:port`, separated by commas) are used instead, unless listeners or settings of one's own
 * are asked for. Throws `ServerError` where there is no Java 17, no Kafka, or it does not start.
 */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  const { env = process.env, listeners = [], settings } = options;
  const named = (env['AMPEL_KAFKA_BROKERS'] ?? '').split(',').filter((address) => address.trim() !== '');
  if (named.length > 0 && listeners.length === 0 && settings === undefined) {
    return { brokers: named.map((address) => address.trim()), listeners: {}, stop: () => Promise.resolve() };
  }
  const java = await findJava(env);
  const files = await findKafka({ env, onProgress: options.onProgress });
  options.onProgress?.({ message: `starting ${TITLE} ${files.version}` });
  return withFreePorts(() => startOnce(options, java.path, join(files.libs, '*')));
}

async function startOnce(options: KafkaOptions, java: string, classPath: string): Promise<RunningKafka> {
  const { folder, heapMb = 512, life = 'guarded', discard } = options;
  await mkdir(folder, { recursive: true });
  const port = await choosePort(options.port ?? 0, { title: TITLE, option: 'port' });
  const listeners = await openListeners(options.listeners ?? []);
  const controllerPort = await choosePort(0, { title: `${TITLE}'s controller`, option: 'port' });
  const files = await writeSettings(options, { port, controllerPort, listeners });
  const javaArguments = [`-Dlog4j2.configurationFile=${files.log}`, '-cp', classPath];
  await formatOnce(java, javaArguments, files.broker, options);
  const logFile = join(folder, 'kafka.log');
  const process = await launch({
    title: TITLE,
    program: java,
    args: [`-Xmx${heapMb}m`, '-XX:+UseSerialGC', ...javaArguments, 'kafka.Kafka', files.broker],
    ...{ logFile, life, discard },
  });
  await options.onSpawn?.(process);
  try {
    await waitUntilServing({ title: TITLE, port, process, logFile }, () => answersKafka(LOCAL_HOST, port));
  } catch (error) {
    await process.stop();
    throw error;
  }
  return {
    brokers: [`${LOCAL_HOST}:${port}`],
    listeners: Object.fromEntries(listeners.map((one) => [one.name, `${LOCAL_HOST}:${one.port}`])),
    stop: () => process.stop(),
  };
}

async function openListeners(wanted: readonly KafkaListener[]): Promise<OpenListener[]> {
  const open: OpenListener[] = [];
  for (const listener of wanted) {
    const title = `${TITLE}'s listener ${listener.name}`;
    open.push({ ...listener, port: await choosePort(listener.port ?? 0, { title, option: 'port' }) });
  }
  return open;
}

async function writeSettings(
  { folder, settings = {} }: KafkaOptions,
  ports: { port: number; controllerPort: number; listeners: readonly OpenListener[] },
): Promise<{ broker: string; log: string }> {
  const files = { broker: join(folder, 'server.properties'), log: join(folder, 'log4j2.properties') };
  // Passwords of listeners stand in it.
  await writeFile(files.broker, kafkaProperties({ ...ports, dataFolder: join(folder, 'data'), settings }), {
    mode: 0o600,
  });
  await writeFile(files.log, LOG_SETTINGS);
  return files;
}

/** A broker refuses a data folder that was not made for it. */
async function formatOnce(
  java: string,
  javaArguments: readonly string[],
  settingsFile: string,
  { folder, scramUsers = [] }: KafkaOptions,
): Promise<void> {
  const isFormatted = await access(join(folder, 'data', 'meta.properties')).then(
    () => true,
    () => false,
  );
  if (isFormatted) return;
  const users = scramUsers.flatMap(({ name, password }) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((kind) => [
      '--add-scram',
      `${kind}=[name=${name},password=${password}]`,
    ]),
  );
  const clusterId = randomBytes(16).toString('base64url');
  // In one word: an id may begin with "-", and would be taken for an option.
  const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${clusterId}`, '-c', settingsFile, ...users];
  await run(java, [...javaArguments, ...format], { timeout: FORMAT_TIMEOUT_MS }).catch((error: unknown) => {
    const text = types.isNativeError(error) && 'stderr' in error ? String(error.stderr) : String(error);
    throw new ServerError(`${TITLE} could not make its data in ${folder}: ${text.trim().slice(0, 600)}`);
  });
}
