import { spawnSync } from 'node:child_process';
import { javaMajor } from '../../servers/java.js';

/** Kafka's brokers need Java 17. */
const OLDEST_MAJOR = 17;

function problemWithJava(): string | undefined {
  const home = process.env['JAVA_HOME'] ?? '';
  const path = home === '' ? 'java' : `${home}/bin/java`;
  const { error, stderr } = spawnSync(path, ['-version'], { encoding: 'utf8' });
  if (error !== undefined) return `There is no Java (${path})`;
  const major = javaMajor(stderr);
  return major !== undefined && major >= OLDEST_MAJOR
    ? undefined
    : `Java ${major ?? 'of an unknown version'} is too old`;
}

/**
 * `describe` for tests that start a Kafka broker. Without Java 17 they are skipped with a warning, or fail in CI (where
 * CI is true, or AMPEL_JAVA_REQUIRED is 1).
 */
export function describeWithJava(name: string, fn: () => void): void {
  const problem = problemWithJava();
  if (problem === undefined) {
    describe(name, fn);
    return;
  }
  const required = process.env['AMPEL_JAVA_REQUIRED'] === '1' || process.env['CI'] === 'true';
  if (!required) console.warn(`${problem}: install a Java runtime of version ${OLDEST_MAJOR}. Skipped: ${name}`);
  (required ? describe : describe.skip)(name, () => {
    it('finds Java', () => {
      throw new Error(problem);
    });
  });
}
