import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningState, stopBackground } from './background.js';
import { identifyProcess } from './process-identity.js';
import { ServerError } from './server-error.js';
import { readState, stateFile, writeState, type BackgroundState } from './state-file.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-state-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function thisProcess(): Promise<{ pid: number; start: string }> {
  const identity = await identifyProcess(process.pid);
  if (identity === undefined) throw new Error('a test knows its own process');
  return identity;
}

describe('the note of the servers in the background', () => {
  it('is read as it was written', async () => {
    const state: BackgroundState = {
      temporal: { identity: await thisProcess(), port: 7233, uiPort: 8233, namespace: 'default', version: '1.9.1' },
      mongodb: { identity: await thisProcess(), port: 27017, version: '6.0.5' },
    };
    await writeState(folder, state);
    expect(await readState(folder)).toEqual(state);
  });

  it('says that nothing runs where nothing was started', async () => {
    expect(await readState(folder)).toEqual({});
  });

  it('is refused with its path and what to do when it is not ours', async () => {
    await writeFile(stateFile(folder), '{"mongodb": {"port": "many"}}');
    const failure: unknown = await readState(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerError);
    expect(String(failure)).toContain('servers.json does not say which servers run');
    expect(failure).toHaveProperty(
      'hint',
      `Remove ${stateFile(folder)}; servers that still run have to be ended by hand.`,
    );
  });

  it('does not take for a server the process that got the id of one that has ended', async () => {
    const alive = await thisProcess();
    await writeState(folder, {
      temporal: { identity: alive, port: 7233, uiPort: 8233, namespace: 'default' },
      mongodb: { identity: { pid: alive.pid, start: 'before the machine was restarted' }, port: 27017 },
    });
    const running = await runningState(folder);
    expect(running.temporal?.port).toBe(7233);
    expect(running.mongodb).toBeUndefined();
  });

  it('leaves such a process alone when the servers are stopped', async () => {
    const identity = { pid: process.pid, start: 'before the machine was restarted' };
    await writeState(folder, { mongodb: { identity, port: 27017 } });
    expect(await stopBackground({ dataDir: folder })).toEqual([]);
  });
});
