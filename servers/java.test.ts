import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findJava, javaMajor } from './java.js';
import { startKafka } from './kafka.js';
import { ServerError } from './server-error.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-java-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the Java that runs a broker', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_202"', 8],
    ['openjdk version "26-ea" 2026-03-17', 26],
    ['no Java here', undefined],
  ])('has a version in %s', (printed, major) => {
    expect(javaMajor(printed)).toBe(major);
  });

  it('is that of JAVA_HOME', async () => {
    const path = await fakeJava('21.0.1');
    expect(await findJava({ JAVA_HOME: folder, PATH: '' })).toEqual({ path, major: 21 });
  });

  it('is asked for, with what to install, where there is none or an old one', async () => {
    const none = await failureOf(findJava({ PATH: folder }));
    expect(none.message).toContain('there is no Java in PATH');
    expect(none.hint).toContain('apt-get install default-jre-headless');
    await fakeJava('1.8.0_202');
    const old = await failureOf(findJava({ JAVA_HOME: folder }));
    expect(old.message).toContain(`the Java in JAVA_HOME=${folder} is version 8`);
    expect(old.hint).toContain('AMPEL_KAFKA_BROKERS');
  });
});

describe('brokers that are named in the environment', () => {
  it('are used, and neither Java nor a folder is needed', async () => {
    const env = { AMPEL_KAFKA_BROKERS: 'kafka1.example:9092, kafka2.example:9092', PATH: '' };
    const { brokers, stop } = await startKafka({ env, folder: join(folder, 'unused') });
    await stop();
    expect(brokers).toEqual(['kafka1.example:9092', 'kafka2.example:9092']);
  });
});

async function fakeJava(version: string): Promise<string> {
  const path = join(folder, 'bin', 'java');
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho 'openjdk version "${version}" 2026-01-01' >&2\n`);
  await chmod(path, 0o755);
  return path;
}

async function failureOf(finding: Promise<unknown>): Promise<ServerError> {
  const failure: unknown = await finding.catch((error: unknown) => error);
  if (failure instanceof ServerError) return failure;
  throw new Error(`expected a ServerError, not ${String(failure)}`);
}
