import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { LOCAL_HOST } from '../../servers/local-address.js';

/** The service that the channel of the demo tells of its candidates: it only counts what it is told. */
export interface Receiver {
  readonly url: string;
  /** How often each reaction came, by its idempotency key. */
  readonly received: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

/** Starts a receiver of webhooks on a free port of this machine. */
export async function startReceiver(): Promise<Receiver> {
  const received = new Map<string, number>();
  const server = createServer((request, response) => {
    void accept(request, received).then((status) => response.writeHead(status).end());
  });
  server.listen(0, LOCAL_HOST);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`the receiver listens at ${String(address)}`);
  return {
    url: `http://${LOCAL_HOST}:${address.port}/ampel`,
    received,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The HTTP status to answer. What is no reaction is refused, as a receiver of one's own would. */
async function accept(request: IncomingMessage, received: Map<string, number>): Promise<number> {
  const key = request.headers['idempotency-key'];
  if (request.method !== 'POST' || typeof key !== 'string') return 400;
  try {
    await json(request);
  } catch {
    return 400;
  }
  received.set(key, (received.get(key) ?? 0) + 1);
  return 200;
}
