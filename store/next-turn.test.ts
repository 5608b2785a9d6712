import { once } from 'node:events';
import { stat } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate as behindSockets } from 'node:timers/promises';
import { nextTurn } from './next-turn.js';

/** Ends a connection where sockets' events are handled, waits, and answers whether its users were told by then. */
async function isKnownAsClosedAfter(socket: Socket, wait: () => Promise<unknown>): Promise<boolean> {
  let isClosed = false;
  socket.once('close', () => {
    isClosed = true;
  });
  await new Promise((resolve) => {
    stat('.', resolve);
  });
  socket.destroy();
  await wait();
  return isClosed;
}

it('begins where users of connections that ended were told, which is not so behind the sockets’ events', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')] as const;
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect(await isKnownAsClosedAfter(sockets[0], behindSockets)).toBe(false);
    expect(await isKnownAsClosedAfter(sockets[1], nextTurn)).toBe(true);
  } finally {
    server.close();
  }
});
