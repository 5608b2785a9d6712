import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LOCAL_HOST } from './local-address.js';
import { ServerError } from './server-error.js';

/** Which server wants a port, and the option of `ampel up` that chooses another one. */
export interface PortRequest {
  readonly title: string;
  readonly option: string;
}

/**
 * Below the ports that Linux, macOS and Windows give to outgoing connections: one of those may be taken between the look
 * and the server's start.
 */
const FREE_PORTS = { from: 15_000, to: 32_000 };
const TRIES = 20;
const STARTS = 3;
/** In the words of MongoDB's and Temporal's logs. */
const TAKEN = /address already in use/i;

/** The wanted port, or a free one for 0. Throws `ServerError` if the wanted port is in use or may not be opened. */
export async function choosePort(wanted: number, request: PortRequest): Promise<number> {
  if (wanted !== 0) return tryPort(wanted, request);
  for (let left = TRIES; ; left--) {
    const port = randomInt(FREE_PORTS.from, FREE_PORTS.to);
    try {
      return await tryPort(port, request);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function tryPort(port: number, { title, option }: PortRequest): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be opened (${error.message})`;
      reject(
        new ServerError(
          `Port ${port} for ${title} ${why}.`,
          `Stop the program that uses it, or choose another port: ${option} <port> (0 takes a free one).`,
        ),
      );
    });
    server.listen(port, LOCAL_HOST, () => {
      server.close(() => {
        resolve(port);
      });
    });
  });
}

/**
 * Starts a server, again with other ports where one was taken between the look and the start. The servers choose ports
 * for themselves too, so that a caller who named one may meet this as well.
 */
export async function withFreePorts<Started>(start: () => Promise<Started>): Promise<Started> {
  for (let left = STARTS - 1; ; left--) {
    try {
      return await start();
    } catch (error) {
      if (left === 0 || !(error instanceof ServerError) || !TAKEN.test(error.message)) throw error;
    }
  }
}
