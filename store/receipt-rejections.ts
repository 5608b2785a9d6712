import type { Rejection } from '../model/decision.js';
import { filterBits } from './id-filter.js';
import { doublesOf, rejectedRows } from './rejection-rows.js';
import type { ReceiptDocument } from './documents.js';
import type { Store } from './store.js';

/** One alert that a channel's screen refused, as its batch's receipt tells. */
export interface ReceiptRejection extends Omit<Rejection, 'accepted'> {
  readonly channel: string;
  /** Of the alert; undefined in receipts of before. */
  readonly survey?: string;
  /** Hash of the channel revision that refused. */
  readonly hash: string;
  readonly alertId: string;
  readonly objectId: string;
  /** Event time of the alert (Julian date). */
  readonly jd: number;
}

/**
 * What the screens of all channels, or of one, refused of an object, or of the alert with this id. The filters of all
 * receipts are looked through, which takes MongoDB 10 ms for a million alerts, then the few receipts that have the id.
 */
export async function receiptRejections(
  store: Store,
  id: string,
  channel?: string,
): Promise<readonly ReceiptRejection[]> {
  const receipts = await receiptsWith(store, id);
  const byReceipt = new Map(receipts.map((receipt) => [receipt._id, rowsOf(receipt, id)]));
  const screenings = await store.screenings
    .find({ receipt: { $in: [...byReceipt.keys()] }, ...(channel !== undefined && { channel }) })
    .sort({ _id: 1 })
    .toArray();
  const rejections = screenings.flatMap(({ receipt, channel: name, survey, hash, rejected }) => {
    const rows = byReceipt.get(receipt) ?? new Map<number, Seen>();
    return rejectedRows(rejected, new Set(rows.keys())).flatMap(({ row, why }) => {
      const seen = rows.get(row);
      return seen === undefined
        ? []
        : [{ channel: name, ...(survey !== undefined && { survey }), hash, ...seen, ...why }];
    });
  });
  return withoutRepeats(rejections);
}

/** Names of objects that some receipt tells of, at most `limit`. */
export async function rejectedObjects(store: Store, limit: number): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { objects } of store.receipts.find({}, { projection: { objects: 1 } })) {
    for (const name of linesOf(objects)) names.add(name);
    if (names.size >= limit) break;
  }
  return [...names].slice(0, limit);
}

interface Seen {
  readonly alertId: string;
  readonly objectId: string;
  readonly jd: number;
}

async function receiptsWith(store: Store, id: string): Promise<ReceiptDocument[]> {
  const sizes = await store.receiptFilters.distinct('size');
  if (sizes.length === 0) return [];
  const mayHave = sizes.map((size) => ({ size, bits: { $bitsAllSet: filterBits(id, size) } }));
  const found = await store.receiptFilters.find({ $or: mayHave }, { projection: { _id: 1 } }).toArray();
  return store.receipts
    .find({ _id: { $in: found.map(({ _id }) => _id) } })
    .sort({ stream: 1, partition: 1, from: 1 })
    .toArray();
}

/** Rows of a receipt that are of the object or alert. */
function rowsOf({ alerts, objects, jds }: ReceiptDocument, id: string): Map<number, Seen> {
  const alertIds = linesOf(alerts);
  const objectIds = linesOf(objects);
  const times = doublesOf(jds);
  const rows = new Map<number, Seen>();
  alertIds.forEach((alertId, row) => {
    const objectId = objectIds[row] ?? '';
    if (alertId === id || objectId === id) rows.set(row, { alertId, objectId, jd: times[row] ?? Number.NaN });
  });
  return rows;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

/** A stream that was rewound, or read under two names, has told the same twice. */
function withoutRepeats(rejections: readonly ReceiptRejection[]): ReceiptRejection[] {
  return [...new Map(rejections.map((rejection) => [JSON.stringify(rejection), rejection])).values()];
}
