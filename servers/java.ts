import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Environment } from './progress.js';
import { ServerError } from './server-error.js';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;
/** Kafka 4's broker needs it. */
const OLDEST_MAJOR = 17;

export interface FoundJava {
  readonly path: string;
  /** `17`, `21`. */
  readonly major: number;
}

/**
 * Java from `JAVA_HOME`, else from PATH. Throws `ServerError` that says what to install where there is none of version
 * 17 or later. A `JAVA_HOME` that leads nowhere is refused, not passed over.
 */
export async function findJava(env: Environment): Promise<FoundJava> {
  const home = env['JAVA_HOME'];
  const isGiven = home !== undefined && home !== '';
  const path = isGiven ? join(home, 'bin', 'java') : 'java';
  const where = isGiven ? `JAVA_HOME=${home}` : 'PATH';
  const printed = await printedVersion(path, env);
  if (printed === undefined) throw missing(`there is no Java in ${where}`);
  const major = javaMajor(printed);
  if (major === undefined) throw missing(`${path} prints ${JSON.stringify(printed.slice(0, 80))} for its version`);
  if (major < OLDEST_MAJOR) throw missing(`the Java in ${where} is version ${major}`);
  return { path, major };
}

/** The major version in what `java -version` prints; before 9 it was the number after `1.`. */
export function javaMajor(printed: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(printed) ?? [];
  const major = first === '1' ? second : first;
  return major === undefined ? undefined : Number(major);
}

/** `-version` prints to the error output, in every version of Java. */
async function printedVersion(path: string, env: Environment): Promise<string | undefined> {
  try {
    return (await run(path, ['-version'], { env: { ...env }, timeout: TIMEOUT_MS })).stderr;
  } catch {
    return undefined;
  }
}

function missing(found: string): ServerError {
  return new ServerError(
    `Kafka runs on Java ${OLDEST_MAJOR} or later, but ${found}.`,
    `Install a Java runtime (Debian and Ubuntu: apt-get install default-jre-headless; macOS: brew install openjdk), set JAVA_HOME, or name brokers that run already: AMPEL_KAFKA_BROKERS=host:port,host:port.`,
  );
}
