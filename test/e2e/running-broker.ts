import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { MongoClient, type Db } from 'mongodb';
import { startServers } from '../../servers/embedded.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { jsonLines, runAmpel, type AmpelRun } from '../run-ampel.js';

const program = resolve(import.meta.dirname, '../../dist/cli/main.js');

/** A broker as a user has one: servers, a worker in a process of its own, and a receiver of messages. */
export interface RunningBroker {
  /** A folder of its own. */
  readonly folder: string;
  /** Where the receiver listens. */
  readonly receiver: string;
  /** Bodies of all messages that it got. */
  readonly received: string[];
  /** The data base, for what no command tells. */
  readonly db: Db;
  /** What commands and workers get besides the environment of the test. */
  readonly env: Record<string, string>;
  /** Runs a command against the broker. */
  ampel(...args: string[]): Promise<AmpelRun>;
  /** Runs a command that has to end well, with `--json`; its objects. */
  ampelJson(...args: string[]): Promise<Record<string, unknown>[]>;
  /** Another worker, until it is ready. */
  startWorker(...args: string[]): Promise<ChildProcess>;
  stop(): Promise<void>;
}

/** Starts everything but the worker. `env` is what commands and workers get besides the servers. */
export async function startBroker(name: string, env: Readonly<Record<string, string>> = {}): Promise<RunningBroker> {
  const servers = await startServers({ ephemeral: true, searchAttributes: searchAttributeTypes });
  const folder = await mkdtemp(join(tmpdir(), `ampel-${name}-`));
  const received: string[] = [];
  const receiver = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(body);
      response.end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const all: Record<string, string> = {
    ...{ AMPEL_TEMPORAL_ADDRESS: servers.temporal.address, AMPEL_TEMPORAL_UI_URL: servers.temporal.uiUrl ?? '' },
    ...{ AMPEL_MONGODB_URI: servers.mongodb.uri, AMPEL_DATABASE: name, ...env },
  };
  const client = new MongoClient(servers.mongodb.uri);
  const workers: ChildProcess[] = [];
  const ampel = (...args: string[]): Promise<AmpelRun> => runAmpel(args, { env: all });
  return {
    ...{ folder, received, receiver: `http://127.0.0.1:${port}/`, db: client.db(name), env: all, ampel },
    async ampelJson(...args) {
      const run = await ampel(...args, '--json');
      if (run.status !== 0) throw new Error(`ampel ${args.join(' ')} ends with ${String(run.status)}: ${run.stderr}`);
      return jsonLines(run);
    },
    async startWorker(...args) {
      const environment = { ...process.env, NODE_OPTIONS: '', ...all };
      const worker = spawn(process.execPath, [program, 'worker', ...args], {
        ...{ env: environment, stdio: ['ignore', 'ignore', 'pipe'] },
      });
      workers.push(worker);
      const [line] = (await once(createInterface({ input: worker.stderr }), 'line')) as [string];
      if (!line.startsWith('ready')) throw new Error(`the worker says: ${line}`);
      return worker;
    },
    async stop() {
      for (const worker of workers) worker.kill('SIGKILL');
      receiver.close();
      await client.close();
      await rm(folder, { recursive: true, force: true });
      await servers.stop();
    },
  };
}
