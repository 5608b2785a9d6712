import { createHash } from 'node:crypto';
import { Binary, type AnyBulkWriteOperation, type ClientSession } from 'mongodb';
import { KEEP_RECEIPTS_DAYS } from '../model/channel.js';
import type * as doc from '../store/documents.js';
import { idFilter } from '../store/id-filter.js';
import { doubleBytes } from '../store/rejection-rows.js';
import type { Store } from '../store/store.js';
import { writeAcceptances } from './night-caps.js';
import type { ScreenedBatch } from './screen.js';

const DAY_MS = 86_400_000;

/** Which reading of which stream a batch belongs to. */
export interface ReceiptOwner {
  readonly stream: string;
  readonly reading: number;
}

/**
 * Writes what a batch held and refused; the same batch again changes nothing. In a transaction, where a session is given:
 * it is to be that in which the reader's position moves on, so that a reader that has lost its partition, or ends before
 * it has moved on, leaves no receipt beside those of the next.
 */
export async function persistReceipt(
  store: Store,
  owner: ReceiptOwner,
  batch: ScreenedBatch,
  session?: ClientSession,
): Promise<void> {
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
  const options = { upsert: true, ...(session && { session }) };
  // One after the other: a transaction takes no two at once.
  await store.receipts.replaceOne({ _id }, fields, options);
  if (ids.size > 0) await store.receiptFilters.replaceOne({ _id }, filter, options);
  await writeAcceptances(store, batch.acceptances, session);
  const writes = screeningWrites(_id, batch, expiries);
  if (writes.length > 0) await store.screenings.bulkWrite(writes, { ordered: false, ...(session && { session }) });
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

function screeningWrites(
  receipt: string,
  { survey, tallies }: ScreenedBatch,
  expiries: readonly Date[],
): AnyBulkWriteOperation<doc.ScreeningDocument>[] {
  return tallies.map(({ ready, accepted, rejected }, i) => {
    const channel = ready.channel.name;
    const expiresAt = expiries[i] ?? new Date();
    const fields = { receipt, channel, survey, hash: ready.hash, accepted, rejected: rejected.toRows(), expiresAt };
    return { replaceOne: { filter: { _id: `${receipt}/${channel}` }, replacement: fields, upsert: true } };
  });
}

function expiryOf(days: number, nowMs: number): Date {
  return new Date(nowMs + days * DAY_MS);
}
