import { execFile } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify, types } from 'node:util';
import { KAFKA_VERSION } from './kafka-jars.js';
import { withTicks } from './package-download.js';
import type { Environment, ReportProgress } from './progress.js';

const run = promisify(execFile);
const TIMEOUT_MS = 10 * 60_000;
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

/** The broker with what it needs, and where its log goes. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>ampel</groupId>
  <artifactId>kafka-broker</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>${KAFKA_VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>2.24.3</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * Fetches the jars into `folder` with the machine's own Maven (which knows the repository and the proxy in use here);
 * whoever called checks their sums. Files that are not named are left out. Rejects with the reason.
 */
export async function downloadMavenJars(
  folder: string,
  names: readonly string[],
  env: Environment,
  onProgress: ReportProgress,
): Promise<void> {
  const pom = join(dirname(folder), 'pom.xml');
  await writeFile(pom, POM);
  await withTicks(`mvn copy-dependencies kafka_2.13:${KAFKA_VERSION}`, onProgress, () =>
    runMaven(['-B', '-q', '-f', pom, COPY, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`], env),
  );
  for (const file of await readdir(folder)) if (!names.includes(file)) await rm(join(folder, file));
}

async function runMaven(args: readonly string[], env: Environment): Promise<void> {
  try {
    await run('mvn', args, { env: { ...env }, timeout: TIMEOUT_MS });
  } catch (error) {
    const isMissing = types.isNativeError(error) && 'code' in error && error.code === 'ENOENT';
    const output = types.isNativeError(error) && 'stdout' in error ? String(error.stdout) : '';
    const lines = output.split('\n').filter((line) => line.includes('ERROR'));
    const reason = isMissing ? 'there is no mvn on PATH' : (lines[0] ?? 'mvn failed');
    throw new Error(reason.slice(0, 300), { cause: error });
  }
}
