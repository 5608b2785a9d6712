import { readyChannel } from '../activities/channel-revisions.js';
import { BatchAcceptances } from '../activities/night-caps.js';
import { persistReceipt } from '../activities/persist-receipt.js';
import type { ScreenedBatch } from '../activities/screen.js';
import { ARCHIVE_PARTITION } from '../model/stream.js';
import { receiptRejections } from '../store/receipt-rejections.js';
import { RejectionTable } from '../store/rejection-rows.js';
import type { Store } from '../store/store.js';
import { loadRegistry } from '../units/registry.js';
import { benchChannel, HU_RAPID_CUTS, install } from './installation.js';

const REJECTIONS = 10_000_000;
const BATCH = 1000;
const LOOKUPS = 50;
/** ZTF's sky: an object is met a few times. */
const ALERTS_PER_OBJECT = 10;

export interface ReceiptsResult {
  readonly rejections: number;
  readonly storedMb: number;
  /** Milliseconds, median and longest of the look-ups. */
  readonly byAlertMs: number;
  readonly byAlertLongestMs: number;
  readonly byObjectMs: number;
  readonly byObjectLongestMs: number;
  /** Of ids that no receipt has. */
  readonly byNobodyMs: number;
}

/** Writes receipts of ten million rejections as a stream does, then looks for alerts and objects at random. */
export async function receipts(report: (line: string) => void): Promise<ReceiptsResult> {
  const installation = await install();
  try {
    const { store } = installation;
    const ready = readyChannel(
      { channel: await benchChannel('BENCH', HU_RAPID_CUTS), hash: '0'.repeat(64) },
      await loadRegistry(),
    );
    for (let from = 0; from < REJECTIONS; from += BATCH) {
      const rejected = new RejectionTable();
      const rows = Array.from({ length: BATCH }, (_, row) => row);
      for (const row of rows)
        rejected.add(row, { accepted: false, reason: 'rb', field: 'rb', value: (row % 97) / 300, limit: 0.3 });
      const batch: ScreenedBatch = {
        ...{
          partition: ARCHIVE_PARTITION,
          from,
          to: from + BATCH,
          forwarded: [],
          bad: [],
          survey: 'ztf',
          acceptances: new BatchAcceptances(),
          clockJd: 2459400,
        },
        ...{ alertIds: rows.map((row) => alertId(from + row)), objectIds: rows.map((row) => objectId(from + row)) },
        ...{ jds: rows.map((row) => 2459400 + (from + row) / 1e6), tallies: [{ ready, accepted: 0, rejected }] },
      };
      await persistReceipt(store, { stream: 'bench', reading: 0 }, batch);
      if (from % 1_000_000 === 0) report(`${from} rejections written`);
    }
    const { dataSize } = await store.receipts.db.stats();
    const byAlert = await timed(store, alertId);
    const byObject = await timed(store, objectId);
    const byNobody = await timed(store, (n) => `ZTF99${n}`);
    return {
      ...{ rejections: REJECTIONS, storedMb: Math.round(dataSize / 1e6) },
      ...{ byAlertMs: byAlert.medianMs, byAlertLongestMs: byAlert.longestMs },
      ...{ byObjectMs: byObject.medianMs, byObjectLongestMs: byObject.longestMs, byNobodyMs: byNobody.medianMs },
    };
  } finally {
    await installation.close();
  }
}

function alertId(n: number): string {
  return String(595_147_624_915_000_000n + BigInt(n) * 7n);
}

/** Alerts of an object are scattered over the nights. */
function objectId(n: number): string {
  const object = (n * 7_919) % (REJECTIONS / ALERTS_PER_OBJECT);
  return `ZTF18${object.toString(26).replace(/[0-9]/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '')}`;
}

async function timed(store: Store, id: (n: number) => string): Promise<{ medianMs: number; longestMs: number }> {
  const times: number[] = [];
  for (let i = 0; i < LOOKUPS; i++) {
    const wanted = id(Math.floor(((i + 0.5) * REJECTIONS) / LOOKUPS));
    const startMs = performance.now();
    await receiptRejections(store, wanted);
    times.push(performance.now() - startMs);
  }
  times.sort((a, b) => a - b);
  return { medianMs: Math.round(times[LOOKUPS / 2] ?? 0), longestMs: Math.round(times.at(-1) ?? 0) };
}
