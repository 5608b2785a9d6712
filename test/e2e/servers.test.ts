import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { startBackground, stopBackground } from '../../servers/background.js';
import { startServers, type RunningServers } from '../../servers/embedded.js';
import { serverStatus } from '../../servers/server-status.js';

/** Servers named in the environment of whoever runs the tests are not what is tested here. */
const env = { ...process.env, AMPEL_TEMPORAL_ADDRESS: '', AMPEL_MONGODB_URI: '' };
const anyPorts = { temporalPort: 0, uiPort: 0, mongoPort: 0 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-servers-'));
});

afterEach(async () => {
  await stopBackground({ env, dataDir: folder, removeData: true });
  await rm(folder, { recursive: true, force: true });
});

describe('servers that a program starts for itself', () => {
  it('serve transactions and workflows, and are gone with their data when stopped', async () => {
    const servers = await startServers({ env, ephemeral: true, searchAttributes: { AmpelRa: 'DOUBLE' } });
    await writeInTransaction(servers.mongodb.uri, 'ZTF18aaaaaaa');
    expect(await storedObjects(servers.mongodb.uri)).toEqual(['ZTF18aaaaaaa']);
    expect(await customAttributes(servers)).toMatchObject({ AmpelRa: 4 });
    expect((await fetch(servers.temporal.uiUrl ?? '')).status).toBe(200);
    await servers.stop();
    expect(existsSync(servers.dataDir)).toBe(false);
    expect(await isServing(servers.temporal.address)).toBe(false);
  });

  it('find their data again on other ports, and learn search attributes that were added since', async () => {
    const options = { env, dataDir: folder };
    const before = await startServers({ ...options, searchAttributes: { AmpelRa: 'DOUBLE' } });
    await writeInTransaction(before.mongodb.uri, 'ZTF18aaaaaaa');
    await before.stop();
    const after = await startServers({ ...options, searchAttributes: { AmpelRa: 'DOUBLE', AmpelStage: 'KEYWORD' } });
    const objects = await storedObjects(after.mongodb.uri);
    const attributes = await customAttributes(after);
    const retentionS = await retention(after);
    await after.stop();
    expect(after.mongodb.uri).not.toBe(before.mongodb.uri);
    expect(objects).toEqual(['ZTF18aaaaaaa']);
    expect(attributes).toMatchObject({ AmpelRa: 4, AmpelStage: 2 });
    expect(retentionS).toBe(30 * 24 * 3600);
  });

  it('end when that program is killed, and leave nothing behind', async () => {
    const program = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...env, NODE_OPTIONS: '' },
    });
    const [line] = z.tuple([z.string()]).parse(await once(createInterface({ input: program.stdout }), 'line'));
    const { address, dataDir } = z.object({ address: z.string(), dataDir: z.string() }).parse(JSON.parse(line));
    expect(await isServing(address)).toBe(true);
    program.kill('SIGKILL');
    await waitUntil(() => !existsSync(dataDir));
    expect(await isServing(address)).toBe(false);
  });
});

describe('servers in the background', () => {
  it('are started once, told about, and stopped', async () => {
    const options = { env, dataDir: folder, ...anyPorts };
    expect(await startBackground(options)).toEqual(['temporal', 'mongodb']);
    const status = await serverStatus(options);
    expect(status.map(({ server, state, reachable }) => ({ server, state, reachable }))).toEqual([
      { server: 'temporal', state: 'running', reachable: true },
      { server: 'mongodb', state: 'running', reachable: true },
    ]);
    expect(await startBackground(options)).toEqual([]);
    expect(await serverStatus(options)).toEqual(status);
    const inUse = await startServers({ env, dataDir: folder });
    await inUse.stop();
    expect(inUse.temporal.address).toBe(status[0]?.address);
    expect(await stopBackground({ ...options, removeData: true })).toEqual(['temporal', 'mongodb']);
    expect((await serverStatus(options)).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    expect(existsSync(folder)).toBe(false);
  });

  it('are started again where one was killed, with the data it had', async () => {
    const options = { env, dataDir: folder, ...anyPorts };
    await startBackground(options);
    const [, before] = await serverStatus(options);
    await writeInTransaction(before?.address ?? '', 'ZTF18aaaaaaa');
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await waitUntil(async () => (await serverStatus(options))[1]?.state === 'stopped');
    expect(await startBackground(options)).toEqual(['mongodb']);
    const [, after] = await serverStatus(options);
    expect(await storedObjects(after?.address ?? '')).toEqual(['ZTF18aaaaaaa']);
  });

  it('are not started on a data folder that another program has in use', async () => {
    const servers = await startServers({ env, dataDir: folder });
    const failure: unknown = await startBackground({ env, dataDir: folder, ...anyPorts }).catch(
      (error: unknown) => error,
    );
    await servers.stop();
    expect(String(failure)).toContain(`${folder} is in use by process ${process.pid}`);
  });
});

/** A program of its own, as a user's is: it starts servers and is then killed, so it uses the compiled code. */
const PROGRAM = `
import { startServers } from '${new URL('../../dist/servers/embedded.js', import.meta.url).href}';
const { temporal, dataDir } = await startServers({ ephemeral: true });
console.log(JSON.stringify({ address: temporal.address, dataDir }));
setInterval(() => {}, 1000);
`;

async function withTemporal<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: '3s' });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

/** Custom search attributes of the default namespace by name, as the numbers of their types. */
function customAttributes({ temporal }: RunningServers): Promise<Record<string, number>> {
  return withTemporal(temporal.address, async ({ connection }) => {
    const { namespaces } = await connection.workflowService.listNamespaces({});
    expect(namespaces.map(({ namespaceInfo }) => namespaceInfo?.name)).toContain('default');
    return (await connection.operatorService.listSearchAttributes({ namespace: 'default' })).customAttributes;
  });
}

function retention({ temporal }: RunningServers): Promise<number> {
  return withTemporal(temporal.address, async ({ connection }) => {
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' });
    return Number(config?.workflowExecutionRetentionTtl?.seconds);
  });
}

function isServing(address: string): Promise<boolean> {
  return withTemporal(address, () => Promise.resolve(true)).catch(() => false);
}

async function writeInTransaction(uri: string, name: string): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    await client.withSession((session) =>
      session.withTransaction(async () => {
        await client.db('test').collection('stocks').insertOne({ name }, { session });
        await client.db('test').collection('journal').insertOne({ name }, { session });
      }),
    );
  } finally {
    await client.close();
  }
}

async function storedObjects(uri: string): Promise<unknown[]> {
  const client = await MongoClient.connect(uri);
  try {
    const stocks = await client.db('test').collection('stocks').find().toArray();
    return stocks.map((stock) => stock['name'] as unknown);
  } finally {
    await client.close();
  }
}

async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}
