import type { MongodbAddress, TemporalAddress } from './environment.js';

/** Our servers listen on this machine only: they know no passwords. */
export const LOCAL_HOST = '127.0.0.1';

export const REPLICA_SET = 'rs0';

export function localTemporal(server: { port: number; uiPort: number; namespace: string }): TemporalAddress {
  const { port, uiPort, namespace } = server;
  return { address: `${LOCAL_HOST}:${port}`, namespace, uiUrl: `http://${LOCAL_HOST}:${uiPort}` };
}

export function localMongodb({ port }: { port: number }): MongodbAddress {
  return { uri: `mongodb://${LOCAL_HOST}:${port}/?replicaSet=${REPLICA_SET}` };
}
