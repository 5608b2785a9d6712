import type { PositionDocument } from './documents.js';
import type { Store } from './store.js';

/** What reading a stream has come to in all its partitions. */
export interface StreamTotals {
  /** Packets that are read and have had all their effects; of a partition that was rewound, up to where it stands. */
  readonly position: number;
  readonly unreadable: number;
  readonly forwarded: number;
  /** The stream's event time (Julian date); 0 before its first alert. */
  readonly clockJd: number;
  /** Packets that were not read yet when last heard; undefined where nobody knows. */
  readonly lag?: number;
  readonly partitions: readonly PositionDocument[];
}

/** Where a stream stands. All zero for one that was never read. */
export async function streamTotals(store: Store, stream: string): Promise<StreamTotals> {
  const partitions = await store.positions.find({ stream }).sort({ partition: 1 }).toArray();
  const sum = (count: (position: PositionDocument) => number): number =>
    partitions.reduce((total, position) => total + count(position), 0);
  const lags = partitions.flatMap((position) => lagOf(position) ?? []);
  return {
    // Kafka's offsets begin somewhere: there the packets are counted.
    position: sum(({ end, offset, read, unreadable }) => (end === undefined ? offset : read + unreadable)),
    unreadable: sum(({ unreadable }) => unreadable),
    forwarded: sum(({ forwarded }) => forwarded),
    clockJd: clockOf(partitions),
    ...(lags.length > 0 && { lag: lags.reduce((total, lag) => total + lag, 0) }),
    partitions,
  };
}

function lagOf({ end, offset }: PositionDocument): number | undefined {
  return end === undefined ? undefined : Math.max(0, end - offset);
}

/** Event time that nothing which still waits can undercut: of the partition that is furthest behind, if one is behind. */
function clockOf(partitions: readonly PositionDocument[]): number {
  const behind = partitions.filter((position) => (lagOf(position) ?? 0) > 0);
  if (behind.length > 0) return Math.min(...behind.map(({ clockJd }) => clockJd));
  return Math.max(0, ...partitions.map(({ clockJd }) => clockJd));
}
