import { createHash } from 'node:crypto';
import { BSON, MongoClient, type Document } from 'mongodb';
import { z } from 'zod';
import { canonicalJson } from '../../model/canonical-json.js';
import type { ServiceAddresses } from '../../worker/services.js';

/** All documents of a data base: canonical JSON by `_id`, by collection. */
export type Snapshot = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** When, by which execution and at which attempt a document was written may differ; nothing else. */
const MAY_DIFFER: readonly string[] = ['at', 'expiresAt', 'followedAt', 'trace', 'attempts', 'sentAt'];
/** Sets: in the order in which readers of several partitions came. */
const SETS: readonly string[] = ['objects', 'channels'];

/** Reads every collection there is, so that none that is added later is forgotten; without the fields of `without`. */
export async function takeSnapshot(
  { uri, database }: ServiceAddresses['mongodb'],
  without: readonly string[] = [],
): Promise<Snapshot> {
  const ignored = [...MAY_DIFFER, ...without];
  const client = new MongoClient(uri);
  try {
    const collections = await client.db(database).collections();
    const snapshot = new Map<string, ReadonlyMap<string, string>>();
    for (const collection of collections.sort((a, b) => (a.collectionName < b.collectionName ? -1 : 1))) {
      const documents = await collection.find({}, { promoteValues: false }).sort({ _id: 1 }).toArray();
      snapshot.set(
        collection.collectionName,
        new Map(documents.map((one) => [String(one._id), canonical(one, ignored)])),
      );
    }
    return snapshot;
  } finally {
    await client.close();
  }
}

function canonical(document: Document, ignored: readonly string[]): string {
  const compared = Object.entries(document).filter(([name]) => !ignored.includes(name));
  const ordered = compared.map(([name, value]): [string, unknown] =>
    SETS.includes(name) && Array.isArray(value) ? [name, value.map(String).sort()] : [name, value],
  );
  return canonicalJson(z.json().parse(BSON.EJSON.serialize(Object.fromEntries(ordered), { relaxed: false })));
}

/** Number of documents and sha256 of their content, by collection. */
export function digestOf(snapshot: Snapshot): Record<string, string> {
  return Object.fromEntries(
    Array.from(snapshot, ([name, documents]) => {
      const hash = createHash('sha256');
      for (const [id, text] of documents) hash.update(`${id}\n${text}\n`);
      return [name, `${documents.size} documents, ${hash.digest('hex')}`];
    }),
  );
}

const SHOWN = 3;

/** What is missing, too many or different, a few of each collection, for a person to read. Empty where all is equal. */
export function differences(expected: Snapshot, found: Snapshot): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((name) => {
    const before = expected.get(name) ?? new Map<string, string>();
    const after = found.get(name) ?? new Map<string, string>();
    const ids = [...new Set([...before.keys(), ...after.keys()])].filter((id) => before.get(id) !== after.get(id));
    const shown = ids.slice(0, SHOWN).map((id) => `${name} ${id}: ${difference(before.get(id), after.get(id))}`);
    return ids.length > SHOWN ? [...shown, `${name}: ${ids.length} documents differ`] : shown;
  });
}

const CONTEXT = 120;

function difference(expected: string | undefined, found: string | undefined): string {
  if (expected === undefined) return `too many: ${found?.slice(0, 2 * CONTEXT) ?? ''}`;
  if (found === undefined) return `missing: ${expected.slice(0, 2 * CONTEXT)}`;
  let place = 0;
  while (expected[place] === found[place]) place++;
  const around = (text: string): string => text.slice(Math.max(0, place - CONTEXT), place + CONTEXT);
  return `expected …${around(expected)}…\n  found …${around(found)}…`;
}
