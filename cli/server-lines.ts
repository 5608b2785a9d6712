import type { ServerStatus } from '../servers/server-status.js';

const TITLES = { temporal: 'Temporal', mongodb: 'MongoDB' } as const;

/** One JSON object a line for each server, keys that do not apply left out. */
export function serverJsonLines(servers: readonly ServerStatus[]): string {
  return servers.map((server) => JSON.stringify(server)).join('\n');
}

/** The servers for a reader: a line each, with what else is known below it. */
export function serverLines(servers: readonly ServerStatus[]): string {
  return servers.flatMap(describe).join('\n');
}

function describe(server: ServerStatus): string[] {
  const silent = server.state !== 'stopped' && !server.reachable ? ', does not answer' : '';
  const version = server.version === undefined ? '' : ` ${server.version}`;
  const details = [
    ['address', server.address],
    ['namespace', server.namespace],
    ['web UI', server.uiUrl],
    ['process', server.pid],
    ['data', server.dataDir],
  ] as const;
  return [
    `${TITLES[server.server]}${version}: ${server.state}${silent}`,
    ...details.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(10)} ${value}`])),
  ];
}
