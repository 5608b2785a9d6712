import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from './data-folder-lock.js';
import { identifyProcess } from './process-identity.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a data folder', () => {
  it('has one owner at a time', async () => {
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow(`is in use by process ${process.pid}`);
    await lock.release();
    await (await lockDataFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from an owner that was killed, also when its process id was given to another process', async () => {
    const holder = { pid: process.pid, start: 'at another time' };
    await writeFile(join(folder, 'lock'), JSON.stringify({ holder, servers: [] }));
    const lock = await lockDataFolder(folder);
    await expect(lockDataFolder(folder)).rejects.toThrow('is in use');
    await lock.release();
  });

  it('is not taken over before the servers of the killed owner have stopped writing', async () => {
    const server = spawn('sleep', ['60']);
    const identity = await identifyProcess(server.pid ?? 0);
    const holder = { pid: process.pid, start: 'at another time' };
    await writeFile(join(folder, 'lock'), JSON.stringify({ holder, servers: [identity] }));
    const order: string[] = [];
    const taken = lockDataFolder(folder).then((lock) => {
      order.push('taken over');
      return lock;
    });
    await new Promise(setImmediate);
    order.push('server ends');
    server.kill('SIGKILL');
    await once(server, 'exit');
    await (await taken).release();
    expect(order).toEqual(['server ends', 'taken over']);
  });
});
