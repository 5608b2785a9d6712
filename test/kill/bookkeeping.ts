import type { ReceiptDocument, ScreeningDocument } from '../../store/documents.js';
import { filterBits } from '../../store/id-filter.js';
import { doublesOf, rejectedRows } from '../../store/rejection-rows.js';
import type { Store } from '../../store/store.js';

/** What receipts and screenings say of a stream, however its batches were cut; and what is wrong with them. */
export interface Bookkeeping {
  /** Object and event time by partition and alert id. */
  readonly read: ReadonlyMap<string, string>;
  /** Reason, field, value and limit by channel and alert id. */
  readonly rejections: ReadonlyMap<string, string>;
  /** Acceptances by channel. */
  readonly accepted: ReadonlyMap<string, string>;
  /** Gaps, overlaps, counts that do not add up, for a person to read. */
  readonly faults: readonly string[];
}

/** Reads what was noted of a stream that was never rewound. */
export async function bookkeepingOf(store: Store, channels: readonly string[]): Promise<Bookkeeping> {
  const receipts = await store.receipts.find().sort({ partition: 1, from: 1 }).toArray();
  const screenings = await store.screenings.find().toArray();
  const books = { read: new Map<string, string>(), rejections: new Map<string, string>(), faults: [] as string[] };
  const accepted = new Map(channels.map((channel) => [channel, 0]));
  const byReceipt = groupedBy(screenings, ({ receipt }) => receipt);
  for (const receipt of receipts) {
    const own = byReceipt.get(receipt._id) ?? [];
    byReceipt.delete(receipt._id);
    books.faults.push(...noteRead(receipt, books.read));
    const names = own.map(({ channel }) => channel).sort();
    if (names.join() !== [...channels].sort().join())
      books.faults.push(`${receipt._id} has screenings of "${names.join()}"`);
    for (const screening of own) {
      books.faults.push(...noteRejections(receipt, screening, books.rejections));
      accepted.set(screening.channel, (accepted.get(screening.channel) ?? 0) + screening.accepted);
    }
  }
  books.faults.push(...[...byReceipt.keys()].map((id) => `screenings of ${id}, which is not there`));
  books.faults.push(...(await positionFaults(store, receipts)), ...(await filterFaults(store, receipts)));
  return { ...books, accepted: new Map(Array.from(accepted, ([channel, count]) => [channel, String(count)])) };
}

function noteRead({ _id, partition, from, to, ...receipt }: ReceiptDocument, read: Map<string, string>): string[] {
  const ids = linesOf(receipt.alerts);
  const objects = linesOf(receipt.objects);
  const jds = doublesOf(receipt.jds);
  const twice = ids.filter((id) => read.has(`${partition} ${id}`)).map((id) => `${_id} has alert ${id} again`);
  ids.forEach((id, i) => read.set(`${partition} ${id}`, `${objects[i] ?? ''} at ${jds[i] ?? ''}`));
  const isWhole = ids.length === receipt.read && receipt.read + receipt.unreadable === to - from;
  const counts = `${ids.length} alerts, ${receipt.read} read, ${receipt.unreadable} unreadable, ${from} to ${to}`;
  return isWhole ? twice : [`${_id} does not add up: ${counts}`, ...twice];
}

function noteRejections(
  { partition, alerts }: ReceiptDocument,
  { _id, channel, rejected }: ScreeningDocument,
  rejections: Map<string, string>,
): string[] {
  const ids = linesOf(alerts);
  const rows = rejectedRows(rejected, new Set(ids.keys()));
  for (const { row, why } of rows) rejections.set(`${channel} ${partition} ${ids[row] ?? ''}`, JSON.stringify(why));
  const count = rejected.reduce((sum, one) => sum + one.count, 0);
  return rows.length === count ? [] : [`${_id} counts ${count} rejections and has ${rows.length}`];
}

/** Each partition's receipts have to follow one another from its beginning to its position. */
async function positionFaults(store: Store, receipts: readonly ReceiptDocument[]): Promise<string[]> {
  const byPartition = groupedBy(receipts, ({ partition }) => partition);
  const positions = await store.positions.find().toArray();
  return positions.flatMap(({ partition, offset, end, read, unreadable, forwarded }) => {
    const own = byPartition.get(partition) ?? [];
    const sum = (count: (receipt: ReceiptDocument) => number): number => own.reduce((all, one) => all + count(one), 0);
    const starts = [...own.map(({ from }) => from), offset];
    const ends = [0, ...own.map(({ to }) => to)];
    const breaks = starts.flatMap((from, i) => {
      const before = ends[i] ?? 0;
      return from === before
        ? []
        : [`${partition}: ${from > before ? 'gap' : 'overlap'} between ${before} and ${from}`];
    });
    const said = [read, unreadable, forwarded].join();
    const noted = [sum((one) => one.read), sum((one) => one.unreadable), sum((one) => one.forwarded)].join();
    return [
      ...breaks,
      ...(offset === end ? [] : [`${partition} stands at ${offset} of ${end ?? 'unknown'}`]),
      ...(said === noted ? [] : [`${partition}: the position counts ${said}, the receipts ${noted}`]),
    ];
  });
}

async function filterFaults(store: Store, receipts: readonly ReceiptDocument[]): Promise<string[]> {
  const filters = new Map((await store.receiptFilters.find().toArray()).map((one) => [one._id, one]));
  const missing = receipts.flatMap(({ _id, alerts, objects }) => {
    const filter = filters.get(_id);
    filters.delete(_id);
    const bytes = filter?.bits.value() ?? new Uint8Array();
    const hasBit = (bit: number): boolean => ((bytes[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0;
    const ids = [...linesOf(alerts), ...linesOf(objects)];
    const lost = ids.filter((id) => !filterBits(id, filter?.size ?? 8).every(hasBit));
    return lost.length === 0 ? [] : [`the filter of ${_id} misses ${lost.length} of ${ids.length} ids`];
  });
  return [...missing, ...[...filters.keys()].map((id) => `a filter of ${id}, which is not there`)];
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}
