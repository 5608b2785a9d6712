import type { AnyBulkWriteOperation } from 'mongodb';
import { GroupCommit } from '../../store/group-commit.js';
import type { ResultDocument } from '../../store/documents.js';
import { startStoreRig, type StoreRig } from './store-rig.js';

let rig: StoreRig;

beforeAll(async () => {
  rig = await startStoreRig();
});

afterAll(() => rig.stop());

function insert(_id: string, body: unknown): AnyBulkWriteOperation<ResultDocument> {
  return {
    updateOne: { filter: { _id }, update: { $set: { body } }, upsert: true },
  } as AnyBulkWriteOperation<ResultDocument>;
}

describe('a document that cannot be written', () => {
  it.each([
    ['its bytes', { 'a\0b': 1 }],
    ['its size', 'x'.repeat(17_000_000)],
    ['its depth', Array.from({ length: 300 }).reduce<unknown>((inner) => ({ inner }), 1)],
  ])('for %s fails its own writer, and nobody who writes at the same time', async (_, body) => {
    const { store } = await rig.freshPlace();
    const commit = new GroupCommit(store.results);
    const writes = ['a', 'bad', 'b'].map((id) => commit.write([insert(id, id === 'bad' ? body : id)]));
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await store.results.distinct('_id')).toEqual(['a', 'b']);
    await commit.write([insert('c', 1)]);
    expect(await store.results.countDocuments()).toBe(3);
  });

  it('may have keys of the query language and of JavaScript inside a result', async () => {
    const { store } = await rig.freshPlace();
    const body: unknown = JSON.parse('{"$where": 1, "a.b": {"$set": 2}, "__proto__": {"x": 1}}');
    await new GroupCommit(store.results).write([insert('a', body)]);
    const stored = await store.results.findOne({ _id: 'a' });
    expect(JSON.stringify(stored?.body)).toContain('{"$where":1,"a.b":{"$set":2}');
  });
});
