import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FoundProgram } from './binary.js';
import type { TemporalAddress } from './environment.js';
import { choosePort, withFreePorts } from './free-port.js';
import { LOCAL_HOST, localTemporal } from './local-address.js';
import { ATTRIBUTE_TYPES, type SearchAttributes } from './search-attributes.js';
import { launch, type Launch, type ServerProcess } from './server-process.js';
import { prepareNamespace } from './temporal-namespace.js';
import { waitUntilServing } from './wait-until-serving.js';

export interface TemporalServerOptions {
  readonly program: FoundProgram;
  /** Holds the server's database and log. */
  readonly folder: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly uiPort: number;
  readonly namespace: string;
  readonly searchAttributes: SearchAttributes;
  readonly life: Launch['life'];
  readonly discard?: Launch['discard'];
  /** Called as soon as the process runs, before it serves. */
  readonly onSpawn?: (process: ServerProcess, ports: TemporalPorts) => Promise<void>;
}

export interface TemporalPorts {
  readonly port: number;
  readonly uiPort: number;
}

export interface TemporalServer {
  readonly process: ServerProcess;
  readonly temporal: TemporalAddress;
}

const TITLE = 'Temporal dev server';

/**
 * Starts Temporal's dev server with its web UI and returns when it serves: namespace there, histories kept for 30 days,
 * search attributes registered. Throws `ServerError` if a port is taken or it does not start.
 */
export function startTemporalServer(options: TemporalServerOptions): Promise<TemporalServer> {
  return withFreePorts(() => startOnce(options));
}

async function startOnce(options: TemporalServerOptions): Promise<TemporalServer> {
  await mkdir(options.folder, { recursive: true });
  const ports = {
    port: await choosePort(options.port, { title: TITLE, option: '--temporal-port' }),
    uiPort: await choosePort(options.uiPort, { title: `${TITLE}'s web UI`, option: '--ui-port' }),
  };
  const logFile = join(options.folder, 'temporal.log');
  const process = await launch({
    title: TITLE,
    program: options.program.path,
    args: serverArguments(options, ports),
    logFile,
    life: options.life,
    discard: options.discard,
  });
  const temporal = localTemporal({ ...ports, namespace: options.namespace });
  await options.onSpawn?.(process, ports);
  try {
    await waitUntilServing({ title: TITLE, port: ports.port, process, logFile }, () =>
      prepareNamespace(options.program.path, temporal.address, options.namespace, options.searchAttributes),
    );
  } catch (error) {
    await process.stop();
    throw error;
  }
  return { process, temporal };
}

function serverArguments(options: TemporalServerOptions, { port, uiPort }: TemporalPorts): string[] {
  const attributes = Object.entries(options.searchAttributes).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${ATTRIBUTE_TYPES[type].flag}`,
  ]);
  return [
    ...['server', 'start-dev', '--ip', LOCAL_HOST, '--port', String(port), '--ui-port', String(uiPort)],
    ...['--db-filename', join(options.folder, 'temporal.db'), '--namespace', options.namespace],
    // Ten times the commits of SQLite's defaults; a power cut may lose the last of them, never the file.
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
    ...['--log-level', 'error', '--ui-disable-news-fetch'],
    ...['--dynamic-config-value', 'matching.enableFairness=true'],
    ...attributes,
  ];
}
