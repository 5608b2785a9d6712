import { join } from 'node:path';
import { dataFolder } from '../../servers/environment.js';
import { findJava } from '../../servers/java.js';
import { startKafka, type RunningKafka } from '../../servers/kafka.js';
import type { ReportProgress } from '../../servers/progress.js';
import { ServerError } from '../../servers/server-error.js';
import type { Broker } from './broker.js';

/** Throws `ServerError` that says what to install where there is no Java 17: to be asked before anything is started. */
export async function requireJava(): Promise<void> {
  await withOwnHint(
    () => findJava(process.env),
    'Install a Java runtime (Debian and Ubuntu: apt-get install default-jre-headless; macOS: brew install openjdk) or set JAVA_HOME. "ampel demo" without --kafka needs none.',
  );
}

/**
 * A Kafka broker of the demo's own, also where others are named in the environment: what is simulated must not get into
 * topics that somebody reads. Its data are with those of the other servers; with `keeps` the next demo finds them again.
 * Throws `ServerError`.
 */
export function startOwnKafka(
  { dataDir }: Pick<Broker, 'dataDir'>,
  keeps: boolean,
  onProgress: ReportProgress,
): Promise<RunningKafka> {
  const folder = keeps ? join(dataFolder(), 'demo', 'kafka') : join(dataDir, 'kafka');
  return withOwnHint(
    () =>
      startKafka({
        ...{ folder, onProgress, env: { ...process.env, AMPEL_KAFKA_BROKERS: '' } },
        ...(!keeps && { discard: { folders: [folder], ifEmpty: dataDir } }),
      }),
    'Install Kafka 4 and set KAFKA_HOME. "ampel demo" without --kafka needs none.',
  );
}

/** The servers' own hints name brokers that run already, which the demo does not use. */
async function withOwnHint<Result>(start: () => Promise<Result>, hint: string): Promise<Result> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof ServerError) || error.hint?.includes('AMPEL_KAFKA_BROKERS') !== true) throw error;
    throw new ServerError(error.message, hint);
  }
}
