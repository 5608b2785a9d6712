import type { Binary } from 'mongodb';
import type { RejectionRows } from './documents.js';
import { doublesOf, rowNumbersOf } from './rejection-rows.js';
import type { Store } from './store.js';

/** Event times from one Julian date to another, the last not with it. */
export interface JdRange {
  readonly fromJd: number;
  readonly toJd: number;
}

/** What streams brought of a time, and what a channel's screen refused of that. */
export interface NightReceipts {
  readonly streams: readonly { readonly name: string; readonly alerts: number }[];
  /** By reason, the most frequent first. */
  readonly refused: readonly { readonly reason: string; readonly count: number }[];
}

interface Heard {
  readonly stream: string;
  readonly inTime: ReadonlySet<number>;
}

/** Looks through all receipts: they know the times of their alerts, and no index does. */
export async function nightReceipts(store: Store, channel: string, range: JdRange): Promise<NightReceipts> {
  const heard = new Map<string, Heard>();
  const receipts = store.receipts.find().project<{ _id: string; stream: string; jds: Binary }>({ stream: 1, jds: 1 });
  for await (const { _id, stream, jds } of receipts) {
    const inTime = rowsWithin(doublesOf(jds), range);
    if (inTime.size > 0) heard.set(_id, { stream, inTime });
  }
  const streams = new Map<string, number>();
  for (const { stream, inTime } of heard.values()) streams.set(stream, (streams.get(stream) ?? 0) + inTime.size);
  const refused = new Map<string, number>();
  const screenings = store.screenings.find({ channel, receipt: { $in: [...heard.keys()] } });
  for await (const { receipt, rejected } of screenings) {
    for (const rows of rejected) {
      const count = countWithin(rows, heard.get(receipt)?.inTime);
      if (count > 0) refused.set(rows.reason, (refused.get(rows.reason) ?? 0) + count);
    }
  }
  return {
    streams: [...streams].sort(([a], [b]) => a.localeCompare(b)).map(([name, alerts]) => ({ name, alerts })),
    refused: [...refused].sort(([, a], [, b]) => b - a).map(([reason, count]) => ({ reason, count })),
  };
}

function rowsWithin(jds: Float64Array, { fromJd, toJd }: JdRange): Set<number> {
  const rows = new Set<number>();
  for (const [row, jd] of jds.entries()) if (jd >= fromJd && jd < toJd) rows.add(row);
  return rows;
}

function countWithin({ rows }: RejectionRows, inTime: ReadonlySet<number> | undefined): number {
  let count = 0;
  for (const row of rowNumbersOf(rows)) if (inTime?.has(row) === true) count++;
  return count;
}
