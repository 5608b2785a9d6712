import { join } from 'node:path';
import { findServerBinary } from '../../servers/binary.js';
import { choosePort } from '../../servers/free-port.js';
import { localMongodb, localTemporal } from '../../servers/local-address.js';
import { startMongod } from '../../servers/mongod.js';
import type { ServerProcess } from '../../servers/server-process.js';
import { mongodProgram, temporalProgram } from '../../servers/server-program.js';
import { startTemporalServer } from '../../servers/temporal-server.js';
import type { ServiceAddresses } from '../../worker/services.js';
import { searchAttributeTypes } from '../../workflows/search-attributes.js';
import { gone, type Killable } from './worker-child.js';

/** A server that is started again and again, with the same port and files. */
export interface Restartable<Address> {
  readonly address: Address;
  /** Returns when it serves. */
  start(): Promise<Killable>;
}

const NAMESPACE = 'default';

export async function temporalIn(folder: string): Promise<Restartable<ServiceAddresses['temporal']>> {
  const program = await findServerBinary(temporalProgram, { env: process.env });
  const ports = { port: await freePort(), uiPort: await freePort() };
  return {
    address: localTemporal({ ...ports, namespace: NAMESPACE }),
    async start() {
      const { process } = await startTemporalServer({
        ...{ program, folder: join(folder, 'temporal'), ...ports, namespace: NAMESPACE },
        ...{ searchAttributes: searchAttributeTypes, life: 'guarded' },
      });
      return killable(process);
    },
  };
}

export async function mongodbIn(folder: string): Promise<Restartable<ServiceAddresses['mongodb']>> {
  const program = await findServerBinary(mongodProgram, { env: process.env });
  const port = await freePort();
  return {
    address: { ...localMongodb({ port }), database: 'ampel' },
    async start() {
      const { process } = await startMongod({ program, folder: join(folder, 'mongodb'), port, life: 'guarded' });
      return killable(process);
    },
  };
}

function freePort(): Promise<number> {
  return choosePort(0, { title: 'a server of the test', option: '' });
}

function killable({ identity, ended, stop }: ServerProcess): Killable {
  return {
    pid: identity.pid,
    async kill() {
      await gone(identity.pid, ended);
      // Nothing is left of the server; this ends its guard.
      await stop();
    },
  };
}
