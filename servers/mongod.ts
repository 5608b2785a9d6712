import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, MongoServerError, type Document } from 'mongodb';
import { z } from 'zod';
import type { FoundProgram } from './binary.js';
import type { MongodbAddress } from './environment.js';
import { choosePort, withFreePorts } from './free-port.js';
import { LOCAL_HOST, localMongodb, REPLICA_SET } from './local-address.js';
import { ServerError } from './server-error.js';
import { launch, type Launch, type ServerProcess } from './server-process.js';
import { waitUntilServing } from './wait-until-serving.js';

export interface MongodOptions {
  readonly program: FoundProgram;
  /** Holds the server's database and log. */
  readonly folder: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Memory for WiredTiger's cache; MongoDB itself would take half of the machine's. */
  readonly cacheSizeGb?: number;
  readonly life: Launch['life'];
  readonly discard?: Launch['discard'];
  /** Called as soon as the process runs, before it serves. */
  readonly onSpawn?: (process: ServerProcess, port: number) => Promise<void>;
}

export interface Mongod {
  readonly process: ServerProcess;
  readonly mongodb: MongodbAddress;
}

const TITLE = 'MongoDB';
const NOT_YET_INITIALIZED = 94;

/**
 * Starts MongoDB as a replica set of one (transactions and change streams need a replica set) and returns when it is
 * primary. Throws `ServerError` if the port is taken, the data is another version's, or it does not start.
 */
export function startMongod(options: MongodOptions): Promise<Mongod> {
  return withFreePorts(() => startOnce(options));
}

async function startOnce(options: MongodOptions): Promise<Mongod> {
  const database = join(options.folder, 'db');
  await mkdir(database, { recursive: true });
  await claimVersion(options);
  const port = await choosePort(options.port, { title: TITLE, option: '--mongo-port' });
  const logFile = join(options.folder, 'mongod.log');
  const process = await launch({
    title: TITLE,
    program: options.program.path,
    args: serverArguments(options, database, port),
    logFile,
    life: options.life,
    discard: options.discard,
  });
  await options.onSpawn?.(process, port);
  try {
    await waitUntilServing({ title: TITLE, port, process, logFile }, () => becomePrimary(`${LOCAL_HOST}:${port}`));
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { process, mongodb: localMongodb({ port }) };
}

function serverArguments({ cacheSizeGb = 1 }: MongodOptions, database: string, port: number): string[] {
  return [
    ...['--replSet', REPLICA_SET, '--dbpath', database, '--port', String(port), '--bind_ip', LOCAL_HOST],
    ...['--wiredTigerCacheSizeGB', String(cacheSizeGb), '--oplogSize', '1024', '--quiet'],
    // A socket file in /tmp would outlive a killed server, and up to 200 MB of diagnostics nobody reads its data.
    ...['--nounixsocket', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
}

/** MongoDB reads the files of its own series and refuses those of one two series away with a riddle; say it plainly. */
async function claimVersion({ program, folder }: MongodOptions): Promise<void> {
  const series = program.version?.split('.').slice(0, 2).join('.');
  if (series === undefined) return;
  const file = join(folder, 'version');
  const written = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (written !== '' && written !== series) {
    throw new ServerError(
      `The data in ${folder} were written by MongoDB ${written}, but ${program.path} is ${series}.`,
      `Set AMPEL_MONGOD_BINARY to a mongod ${written}, or start anew: ampel down --remove-data.`,
    );
  }
  if (written === '') await writeFile(file, `${series}\n`);
}

/** One attempt to be the primary of a set whose only member is this host; rejects while it is not yet. */
async function becomePrimary(host: string): Promise<void> {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`, { serverSelectionTimeoutMS: 5_000 });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true && hello['me'] === host) return;
    await configureSet((command) => admin.command(command), host);
    throw new Error('it is not primary yet');
  } finally {
    await client.close();
  }
}

const configSchema = z.object({
  config: z.looseObject({ version: z.number(), members: z.array(z.looseObject({ host: z.string() })) }),
});

/** The set's configuration names the member's address: set it up, or correct it when the port is another one today. */
async function configureSet(command: (command: Document) => Promise<Document>, host: string): Promise<void> {
  const members = [{ _id: 0, host }];
  try {
    const { config } = configSchema.parse(await command({ replSetGetConfig: 1 }));
    if (config.members[0]?.host === host) return;
    await command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
  } catch (error) {
    if (!(error instanceof MongoServerError) || error.code !== NOT_YET_INITIALIZED) throw error;
    await command({ replSetInitiate: { _id: REPLICA_SET, members } });
  }
}
