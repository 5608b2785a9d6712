import { join } from 'node:path';
import { choosePort } from '../../servers/free-port.js';
import { startKafka } from '../../servers/kafka.js';
import type { ServerProcess } from '../../servers/server-process.js';
import type { Restartable } from './server-children.js';
import { gone, type Killable } from './worker-child.js';

/** A broker of Kafka that is killed and started again on its folder and port. */
export interface RestartableBroker extends Restartable<string> {
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** Brokers that whoever runs the tests has named are not to be killed. */
const env = { ...process.env, AMPEL_KAFKA_BROKERS: '' };

/** `folder` is emptied of it even where the test itself is killed: a survey is gigabytes. */
export async function brokerIn(folder: string): Promise<RestartableBroker> {
  const port = await choosePort(0, { title: 'a broker of the test', option: '' });
  const data = join(folder, 'kafka');
  const discard = { folders: [data], ifEmpty: folder };
  const started: ServerProcess[] = [];
  const start = async (): Promise<Killable> => {
    const onSpawn = (one: ServerProcess): Promise<void> => {
      started.push(one);
      return Promise.resolve();
    };
    await startKafka({ env, folder: data, port, discard, onSpawn, life: 'guarded' });
    const last = started.at(-1);
    if (last === undefined) throw new Error('the broker was not started by us');
    return {
      pid: last.identity.pid,
      // Its guard stays: the end of a guard removes the data.
      kill: () => gone(last.identity.pid, last.ended),
    };
  };
  return {
    address: `127.0.0.1:${port}`,
    start,
    async close() {
      await Promise.all(started.map((one) => one.stop()));
    },
  };
}
