import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Where in a turn of the event loop a round trip of many callers begins: with the timers, so that callers of one turn share
 * it. Not behind the sockets' events (`setImmediate`): a connection whose server has just ended is not yet known as closed
 * there, and MongoDB's driver, when it writes to one, waits for it for ever. With the timers, it is.
 */
export async function nextTurn(): Promise<void> {
  await sleep(0);
}
