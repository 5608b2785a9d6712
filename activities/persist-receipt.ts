import { createHash } from 'node:crypto';
import { Binary } from 'mongodb';
import { KEEP_RECEIPTS_DAYS } from '../model/channel.js';
import type * as doc from '../store/documents.js';
import { idFilter } from '../store/id-filter.js';
import { doubleBytes } from '../store/rejection-rows.js';
import type { Store } from '../store/store.js';
import type { ScreenedBatch } from './screen.js';

const DAY_MS = 86_400_000;

/** Which reading of which stream a batch belongs to. */
export interface ReceiptOwner {
  readonly stream: string;
  readonly reading: number;
}

/**
 * Writes what a batch held and refused. The same batch again changes nothing; one that begins at the same offset and was
 * cut elsewhere, by a reader that ended before it was acknowledged, is replaced.
 */
export async function persistReceipt(store: Store, owner: ReceiptOwner, batch: ScreenedBatch): Promise<void> {
  const atMs = Date.now();
  const expiries = batch.tallies.map(({ ready }) =>
    expiryOf(ready.channel.keepReceiptsDays ?? KEEP_RECEIPTS_DAYS, atMs),
  );
  const expiresAt = new Date(Math.max(atMs, ...expiries.map((date) => date.getTime())));
  const receipt = receiptOf(owner, batch, new Date(atMs), expiresAt);
  const ids = new Set([...batch.alertIds, ...batch.objectIds]);
  const bits = idFilter(ids);
  const filter = { bits: new Binary(bits), size: bits.length * 8, expiresAt };
  const { _id, ...fields } = receipt;
  await Promise.all([
    store.receipts.replaceOne({ _id }, fields, { upsert: true }),
    ids.size > 0 && store.receiptFilters.replaceOne({ _id }, filter, { upsert: true }),
    persistScreenings(store, _id, batch, expiries),
  ]);
}

/** Receipts of batches that were never acknowledged: their packets come again, perhaps in other batches. */
export async function dropReceiptsFrom(
  store: Store,
  { stream, reading }: ReceiptOwner,
  partition: string,
  offset: number,
): Promise<void> {
  const open = { stream, partition, reading, from: { $gte: offset } };
  const receipts = await store.receipts.find(open, { projection: { _id: 1 } }).toArray();
  if (receipts.length === 0) return;
  const ids = receipts.map(({ _id }) => _id);
  await store.screenings.deleteMany({ receipt: { $in: ids } });
  await store.receiptFilters.deleteMany({ _id: { $in: ids } });
  await store.receipts.deleteMany({ _id: { $in: ids } });
}

function receiptOf(
  { stream, reading }: ReceiptOwner,
  batch: ScreenedBatch,
  at: Date,
  expiresAt: Date,
): doc.ReceiptDocument {
  const { partition, from, to, alertIds, objectIds, jds, forwarded, bad } = batch;
  const alerts = alertIds.join('\n');
  return {
    _id: `${stream}:${partition}@${reading}:${from}`,
    ...{ stream, partition, reading, from, to },
    ...{ read: alertIds.length, unreadable: bad.length, forwarded: forwarded.length },
    ...{ alerts, objects: objectIds.join('\n'), jds: doubleBytes(jds) },
    contentHash: createHash('sha256')
      .update(alertIds.length === 0 ? '' : `${alerts}\n`)
      .digest('hex'),
    ...{ at, expiresAt },
  };
}

async function persistScreenings(
  store: Store,
  receipt: string,
  { tallies }: ScreenedBatch,
  expiries: readonly Date[],
): Promise<void> {
  if (tallies.length === 0) return;
  const writes = tallies.map(({ ready, accepted, rejected }, i) => {
    const channel = ready.channel.name;
    const expiresAt = expiries[i] ?? new Date();
    const fields = { receipt, channel, hash: ready.hash, accepted, rejected: rejected.toRows(), expiresAt };
    return { replaceOne: { filter: { _id: `${receipt}/${channel}` }, replacement: fields, upsert: true } };
  });
  await store.screenings.bulkWrite(writes, { ordered: false });
}

function expiryOf(days: number, nowMs: number): Date {
  return new Date(nowMs + days * DAY_MS);
}
