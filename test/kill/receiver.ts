import { createServer } from 'node:http';

/** A service that is told of reactions and remembers everything that it was sent. */
export interface Receiver {
  readonly url: string;
  /** Bodies by idempotency key, one for each delivery. */
  readonly deliveries: ReadonlyMap<string, readonly string[]>;
  forget(): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const deliveries = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const key = String(request.headers['idempotency-key']);
      const bodies = deliveries.get(key) ?? [];
      deliveries.set(key, [...bodies, Buffer.concat(chunks).toString()]);
      response.end('taken');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`no port in ${String(address)}`);
  return {
    url: `http://127.0.0.1:${address.port}/ampel`,
    deliveries,
    forget() {
      deliveries.clear();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
