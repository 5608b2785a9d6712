import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What the proxy does to the next message that somebody writes; to all others, and to whatever else, nothing. */
export type ProduceWay =
  /** Passes it on, waits until the broker has answered, and ends the connection instead of passing that on. */
  | 'lose the answer'
  /** Ends the connection before the broker sees it. */
  | 'lose the message'
  /** Passes it on, and then nothing more comes from either side. */
  | 'half open';

/** Stands before a broker, which tells its clients to come this way. */
export interface KafkaProxy {
  readonly port: number;
  /** Used up one by one; then it only passes on. */
  readonly ways: ProduceWay[];
  /** Messages written that have come by. */
  readonly produced: () => number;
  leadTo(port: number): void;
  stop(): Promise<void>;
}

/** Kafka's number of the request that writes messages. */
const PRODUCE = 0;

export async function startKafkaProxy(): Promise<KafkaProxy> {
  const ways: ProduceWay[] = [];
  const sockets = new Set<Socket>();
  let target = 0;
  let produced = 0;
  const server = createServer((client) => {
    const broker = connect(target, '127.0.0.1');
    let way: ProduceWay | undefined;
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const frames = framesOf((frame) => {
      if (frame.readInt16BE(4) === PRODUCE) {
        produced++;
        way = ways.shift();
      }
      if (way === 'lose the message') client.destroy();
      else broker.write(frame);
    });
    client.on('data', frames);
    broker.on('data', (bytes) => {
      if (way === 'lose the answer') client.destroy();
      else if (way !== 'half open') client.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ways,
    produced: () => produced,
    leadTo(port) {
      target = port;
    },
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Requests are a length in four bytes and so many bytes, of which the first two are the request's number. */
function framesOf(take: (frame: Buffer) => void): (bytes: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const end = 4 + rest.readInt32BE(0);
      take(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
}
