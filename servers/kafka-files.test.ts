import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { findKafka, type KafkaFiles } from './kafka-files.js';
import { KAFKA_JARS, KAFKA_VERSION } from './kafka-jars.js';
import type { Environment } from './progress.js';
import { ServerError } from './server-error.js';

const BROKER = 'kafka_2.13-4.1.0.jar';
const FILES = { [BROKER]: 'the broker', 'kafka-clients-4.1.0.jar': 'its client' };
const JARS = Object.fromEntries(Object.entries(FILES).map(([name, content]) => [name, sha256(content)]));

let folder: string;
let web: Server;
let archiveUrl: string;
/** The archive that the maker's site of this test serves. */
let archive: Buffer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-kafka-files-'));
  archive = undefined;
  web = createServer((_request, response) => {
    if (archive === undefined) response.writeHead(404);
    response.end(archive);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const address = web.address();
  archiveUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/kafka.tgz` : '';
});

afterEach(async () => {
  await new Promise((resolve) => web.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('where the Kafka broker comes from', () => {
  it('is the installation in KAFKA_HOME before all else', async () => {
    const home = await installation('given', '4.0.1');
    await putOnPath(await installation('other', '4.1.0'));
    expect(await find({ KAFKA_HOME: home })).toEqual({ libs: join(home, 'libs'), version: '4.0.1' });
  });

  it.each([
    ['relative/kafka', 'expected an absolute path'],
    ['/no/such/kafka', 'there is no Kafka broker'],
  ])('refuses KAFKA_HOME=%s instead of taking another', async (home, words) => {
    await putOnPath(await installation('other', '4.1.0'));
    expect((await failureOf(find({ KAFKA_HOME: home }))).message).toContain(words);
  });

  it('refuses a KAFKA_HOME from before the broker was its own controller', async () => {
    const home = await installation('old', '3.9.1');
    expect((await failureOf(find({ KAFKA_HOME: home }))).message).toContain('it is version 3.9.1, older than 4');
  });

  it('is the installation whose programs are on PATH before the cache', async () => {
    const home = await installation('on-path', '4.2.0');
    await putOnPath(home);
    expect(await find()).toEqual({ libs: join(home, 'libs'), version: '4.2.0' });
  });

  it("is the maker's download before the packages, and is kept for the next time", async () => {
    await fakeMaven({ [BROKER]: 'not this one' });
    archive = await archiveOf({ ...FILES, 'jetty-server-12.0.jar': 'not needed' });
    const found = await find();
    expect(found).toEqual({ libs: join(folder, 'cache', 'kafka-4.1.0', 'libs'), version: KAFKA_VERSION });
    expect((await readdir(found.libs)).sort()).toEqual(Object.keys(FILES).sort());
    archive = undefined;
    expect(await find()).toEqual(found);
    expect(await readdir(join(folder, 'cache'))).toEqual(['kafka-4.1.0']);
  });

  it('goes on to the packages where the maker cannot be reached', async () => {
    await fakeMaven({ ...FILES, 'slf4j-simple-1.7.36.jar': 'not in the list' });
    const { libs } = await find();
    expect((await readdir(libs)).sort()).toEqual(Object.keys(FILES).sort());
    expect(await readFile(join(libs, BROKER), 'utf8')).toBe('the broker');
  });
});

describe('a Kafka broker that is not what it should be', () => {
  it('is refused where one of its files has another sum or is missing, and nothing of it is kept', async () => {
    archive = await archiveOf({ [BROKER]: 'the broker' });
    await fakeMaven({ ...FILES, [BROKER]: 'an evil broker' });
    const { message, hint } = await failureOf(find());
    expect(message).toContain('official download: it brought no kafka-clients-4.1.0.jar');
    expect(message).toContain(`packages through mvn: ${BROKER} has sha256 ${sha256('an evil broker')}`);
    expect(hint).toContain('AMPEL_KAFKA_BROKERS');
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('is told of with what each step met where none can be had', async () => {
    const { message } = await failureOf(find());
    expect(message).toContain('PATH: no kafka-server-start');
    expect(message).toContain('HTTP 404');
    expect(message).toContain('there is no mvn on PATH');
  });
});

describe('the list of its files', () => {
  it('pins a whole sha256 for each, and has the broker of the version that it says', () => {
    expect(Object.values(KAFKA_JARS).filter((sum) => !/^[0-9a-f]{64}$/.test(sum))).toEqual([]);
    expect(Object.keys(KAFKA_JARS)).toContain(`kafka_2.13-${KAFKA_VERSION}.jar`);
    expect(Object.keys(KAFKA_JARS)).toHaveLength(46);
  });
});

function find(more: Environment = {}): Promise<KafkaFiles> {
  const env = { PATH: join(folder, 'bin'), AMPEL_CACHE: join(folder, 'cache'), ...more };
  return findKafka({ env, archiveUrl, jars: JARS });
}

async function failureOf(finding: Promise<unknown>): Promise<ServerError> {
  const failure: unknown = await finding.catch((error: unknown) => error);
  if (failure instanceof ServerError) return failure;
  throw new Error(`expected a ServerError, not ${String(failure)}`);
}

async function installation(name: string, version: string): Promise<string> {
  const home = join(folder, name);
  for (const part of ['bin', 'libs']) await mkdir(join(home, part), { recursive: true });
  await writeFile(join(home, 'libs', `kafka_2.13-${version}.jar`), '');
  await writeFile(join(home, 'bin', 'kafka-server-start.sh'), '');
  return home;
}

async function putOnPath(home: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await symlink(join(home, 'bin', 'kafka-server-start.sh'), join(folder, 'bin', 'kafka-server-start.sh'));
}

async function archiveOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'kafka_2.13-4.1.0/LICENSE' }, 'licence');
  for (const [name, content] of Object.entries(files)) tar.entry({ name: `kafka_2.13-4.1.0/libs/${name}` }, content);
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}

/** A `mvn` that copies these files where it is told. */
async function fakeMaven(files: Readonly<Record<string, string>>): Promise<void> {
  const source = join(folder, 'repository');
  await mkdir(source, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(source, name), content);
  await mkdir(join(folder, 'bin'), { recursive: true });
  const mvn = join(folder, 'bin', 'mvn');
  await writeFile(
    mvn,
    `#!/bin/sh
export PATH=/usr/bin:/bin
for argument in "$@"; do
  case "$argument" in -DoutputDirectory=*) cp "${source}"/* "\${argument#-DoutputDirectory=}" ;; esac
done
`,
  );
  await chmod(mvn, 0o755);
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
