import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { types } from 'node:util';
import { LOCAL_HOST } from './local-address.js';
import { ServerError } from './server-error.js';
import { startFailure, type ServerProcess } from './server-process.js';

const START_TIMEOUT_MS = 60_000;
const RETRY_MS = 50;

export interface StartingServer {
  readonly title: string;
  readonly port: number;
  readonly process: ServerProcess;
  readonly logFile: string;
}

/**
 * Waits until the server's port accepts connections and `prepare` has gone through (it is tried again while the server
 * is still starting). Throws `ServerError` with the end of the log if the server ends first or takes too long.
 */
export async function waitUntilServing(server: StartingServer, prepare: () => Promise<void>): Promise<void> {
  const { title, port, logFile } = server;
  const state = { ended: false };
  void server.process.ended.then(() => (state.ended = true));
  const deadlineMs = Date.now() + START_TIMEOUT_MS;
  let lastError: unknown;
  while (!state.ended && Date.now() < deadlineMs) {
    try {
      await connectOnce(port);
      await prepare();
      return;
    } catch (error) {
      // What waiting cannot mend, such as a search attribute of another type.
      if (error instanceof ServerError) throw error;
      lastError = error;
      await sleep(RETRY_MS);
    }
  }
  if (state.ended) throw await startFailure(title, 'ended while it was starting', logFile);
  const reason = types.isNativeError(lastError) ? lastError.message : String(lastError);
  throw await startFailure(title, `did not serve within ${START_TIMEOUT_MS / 1000} s (${reason})`, logFile);
}

async function connectOnce(port: number): Promise<void> {
  const socket = connect(port, LOCAL_HOST);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject);
    });
  } finally {
    socket.destroy();
  }
}
