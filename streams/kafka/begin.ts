import type { StartAt } from '../source.js';
import type { ClusterView, Extent, Offsets } from './cluster-view.js';
import type { KafkaNotice } from './notice.js';

export interface BeginningOptions {
  readonly group: string;
  readonly startAt: StartAt;
  /** Topics that were there when the reading began: in one that came later nothing is too old to be read. */
  readonly firstTopics: ReadonlySet<string>;
}

export interface Beginning {
  readonly offsets: Map<string, number>;
  /** Where neither the stream nor the group had read: the group is to remember where it began. */
  readonly fresh: Map<string, number>;
  readonly notices: readonly KafkaNotice[];
}

/**
 * Where to begin each partition: what the stream knows, else what the group has acknowledged, else `startAt`. A position
 * that is no longer in the log becomes the first one that is, with a notice. Rejects with `KafkaError`.
 */
export async function beginnings(
  view: ClusterView,
  known: Offsets,
  partitions: readonly string[],
  options: BeginningOptions,
): Promise<Beginning> {
  const unknown = partitions.filter((key) => !known.has(key));
  const committed = await view.committed(options.group, unknown);
  const fresh = unknown.filter((key) => !committed.has(key));
  const started = await startOffsets(view, fresh, options);
  const extents = await view.extents(topicsOf(partitions));
  const offsets = new Map<string, number>();
  const notices: KafkaNotice[] = [];
  for (const key of partitions) {
    const extent = extents.get(key);
    const wanted = known.get(key) ?? committed.get(key) ?? started.get(key);
    // Deleted since it was given to us: the group will hear of it.
    if (extent === undefined || wanted === undefined) continue;
    const { offset, notice } = inside(key, wanted, extent);
    offsets.set(key, offset);
    if (notice !== undefined) notices.push(notice);
  }
  const isFresh = new Set(fresh);
  return { offsets, fresh: new Map([...offsets].filter(([key]) => isFresh.has(key))), notices };
}

/** The position, or the nearest sensible one in the log. */
export function inside(key: string, offset: number, { low, high }: Extent): { offset: number; notice?: KafkaNotice } {
  if (offset >= low && offset <= high) return { offset };
  const message =
    offset < low
      ? `${key}: messages ${offset} to ${low - 1} were deleted before they were read; reading goes on at ${low}`
      : `${key}: the position ${offset} is past the end at ${high}, so the topic was made anew; reading goes on at ${low}`;
  return { offset: low, notice: { kind: 'lost', message, partition: key, from: offset, to: low } };
}

async function startOffsets(view: ClusterView, fresh: readonly string[], options: BeginningOptions): Promise<Offsets> {
  const topics = topicsOf(fresh);
  const first = topics.filter((topic) => options.firstTopics.has(topic));
  const later = topics.filter((topic) => !options.firstTopics.has(topic));
  return new Map([...(await view.offsetsAt(first, options.startAt)), ...(await view.offsetsAt(later, 'earliest'))]);
}

function topicsOf(partitions: readonly string[]): string[] {
  return [...new Set(partitions.map((key) => key.slice(0, key.lastIndexOf('/'))))];
}
