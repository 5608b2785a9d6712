import type { Store } from './store.js';

/** What one revision of a channel made of the alerts it saw. */
export interface ChannelCounts {
  /** Hash of the revision. */
  readonly hash: string;
  readonly accepted: number;
  /** Alerts by the reason of their rejection, the most frequent first. */
  readonly rejected: Readonly<Record<string, number>>;
}

interface Count {
  readonly _id: { readonly hash: string; readonly reason?: string };
  readonly alerts: number;
}

/**
 * Counts the alerts that a channel accepted and rejected, by revision. The journal has those that transients decided on,
 * the receipts of the streams those that went no further; an alert is in one of them. One that came in two streams and
 * was rejected in both counts twice.
 */
export async function channelCounts(store: Store, name: string): Promise<ChannelCounts[]> {
  const [decided, screened] = await Promise.all([
    store.journal
      .aggregate<Count>([
        { $match: { tier: 't0', channel: name } },
        { $group: { _id: { hash: '$channelHash', reason: '$reason' }, alerts: { $sum: 1 } } },
      ])
      .toArray(),
    store.screenings
      .aggregate<Count>([
        { $match: { channel: name } },
        { $unwind: '$rejected' },
        { $group: { _id: { hash: '$hash', reason: '$rejected.reason' }, alerts: { $sum: '$rejected.count' } } },
      ])
      .toArray(),
  ]);
  const counts = [...decided, ...screened];
  const hashes = [...new Set(counts.map(({ _id }) => _id.hash))];
  return hashes.map((hash) =>
    countsOf(
      hash,
      counts.filter(({ _id }) => _id.hash === hash),
    ),
  );
}

function countsOf(hash: string, counts: readonly Count[]): ChannelCounts {
  let accepted = 0;
  const rejected = new Map<string, number>();
  for (const { _id, alerts } of counts) {
    if (_id.reason === undefined) accepted += alerts;
    else rejected.set(_id.reason, (rejected.get(_id.reason) ?? 0) + alerts);
  }
  return { hash, accepted, rejected: Object.fromEntries([...rejected].sort(([, a], [, b]) => b - a)) };
}

/** Number of objects that a channel has accepted. */
export function objectsFollowed(store: Store, name: string): Promise<number> {
  return store.stocks.countDocuments({ [`channels.${name}`]: { $exists: true } });
}
