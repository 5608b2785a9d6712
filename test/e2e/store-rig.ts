import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { findServerBinary } from '../../servers/binary.js';
import { startMongod } from '../../servers/mongod.js';
import { mongodProgram } from '../../servers/server-program.js';
import { openStore, type Store } from '../../store/store.js';
import type { ServiceAddresses } from '../../worker/services.js';
import { takeSnapshot, type Snapshot } from '../kill/snapshot.js';

/** A data base of one test's own that nobody has opened yet. */
export interface EmptyPlace {
  /** A client of its own, as each process has one. */
  readonly open: () => Promise<Store>;
  /** All documents there are. */
  readonly snapshot: () => Promise<Snapshot>;
  /** `collection: index` of all indexes, as the server tells. */
  readonly indexes: () => Promise<string[]>;
}

export interface Place extends EmptyPlace {
  readonly store: Store;
}

/** A MongoDB without Temporal. */
export interface StoreRig {
  emptyPlace(): EmptyPlace;
  freshPlace(): Promise<Place>;
  stop(): Promise<void>;
}

export async function startStoreRig(): Promise<StoreRig> {
  const folder = await mkdtemp(join(tmpdir(), 'ampel-store-'));
  const program = await findServerBinary(mongodProgram, { env: process.env });
  const mongod = await startMongod({ program, folder, port: 0, cacheSizeGb: 0.25, life: 'guarded' });
  const opened: Store[] = [];
  let places = 0;
  const emptyPlace = (): EmptyPlace => {
    const mongodb = { uri: mongod.mongodb.uri, database: `place${++places}` };
    return {
      async open() {
        const store = await openStore(mongodb);
        opened.push(store);
        return store;
      },
      snapshot: () => takeSnapshot(mongodb),
      indexes: () => indexesOf(mongodb),
    };
  };
  return {
    emptyPlace,
    async freshPlace() {
      const place = emptyPlace();
      return { ...place, store: await place.open() };
    },
    async stop() {
      await Promise.all(opened.map((store) => store.close()));
      await mongod.process.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function indexesOf({ uri, database }: ServiceAddresses['mongodb']): Promise<string[]> {
  const client = new MongoClient(uri);
  try {
    const lists = (await client.db(database).collections()).map(async (collection) =>
      (await collection.indexes()).map((index) => `${collection.collectionName}: ${JSON.stringify(index)}`),
    );
    return (await Promise.all(lists)).flat().sort();
  } finally {
    await client.close();
  }
}
