import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ServerError } from '../servers/server-error.js';
import { downCommand } from './down.js';
import { serverJsonLines, serverLines } from './server-lines.js';
import { statusCommand } from './status.js';
import { upCommand } from './up.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-cli-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failureOf(command: Command, args: string[]): Promise<unknown> {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  return command.parseAsync(args, { from: 'user' }).catch((error: unknown) => error);
}

describe('ampel up', () => {
  it('refuses a port that is none, with the value it found', async () => {
    const failure = await failureOf(upCommand(), ['--mongo-port', '70000']);
    expect(String(failure)).toContain('from 0 to 65535, found "70000"');
  });

  it('names the port and the way out when another program has it', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const args = ['--data-dir', folder, '--temporal-port', String(port), '--ui-port', '0', '--mongo-port', '0'];
    // Any program that prints a version: it is not started when there is no port for it.
    process.env['AMPEL_TEMPORAL_BINARY'] = process.execPath;
    const failure = await failureOf(upCommand(), args);
    delete process.env['AMPEL_TEMPORAL_BINARY'];
    await new Promise((resolve) => other.close(resolve));
    expect(failure).toBeInstanceOf(ServerError);
    expect(failure).toMatchObject({
      message: `Port ${port} for Temporal dev server is in use by another program.`,
      hint: 'Stop the program that uses it, or choose another port: --temporal-port <port> (0 takes a free one).',
    });
  });
});

describe('the commands for servers', () => {
  it.each([upCommand(), downCommand(), statusCommand()])('show an example in their help: $_name', (command) => {
    const help: string[] = [];
    command.configureOutput({ writeOut: (text) => help.push(text) }).outputHelp();
    expect(help.join('')).toContain(`$ ampel ${command.name()}`);
  });
});

describe('the status of the servers', () => {
  const running = {
    server: 'temporal',
    state: 'running',
    reachable: true,
    address: '127.0.0.1:7233',
    namespace: 'default',
    uiUrl: 'http://127.0.0.1:8233',
    pid: 4711,
    version: '1.32.0',
    dataDir: '/data/ampel/temporal',
  } as const;
  const external = { server: 'mongodb', state: 'external', reachable: false, address: 'mongodb://db.example' } as const;

  it('names for a reader what is known and nothing else', () => {
    expect(serverLines([running, external]).split('\n')).toEqual([
      'Temporal 1.32.0: running',
      '  address    127.0.0.1:7233',
      '  namespace  default',
      '  web UI     http://127.0.0.1:8233',
      '  process    4711',
      '  data       /data/ampel/temporal',
      'MongoDB: external, does not answer',
      '  address    mongodb://db.example',
    ]);
  });

  it('is one JSON object a line for a program', () => {
    const lines = serverJsonLines([running, external]).split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([running, external]);
  });
});
