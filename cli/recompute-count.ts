import { ChannelRevisions } from '../activities/channel-revisions.js';
import { findOutdated } from '../activities/find-outdated.js';
import type { RecomputeCursor, RecomputeRequest } from '../model/recompute.js';
import type { Store } from '../store/store.js';
import type { Registry } from '../units/registry.js';
import { countProgress } from './progress.js';
import { table } from './table.js';

/** What there is to compute for one unit. */
export interface OutdatedCount {
  readonly unit: string;
  /** That of this build, which would compute. */
  readonly version: string;
  readonly results: number;
}

/** Counts what a recomputation would find, without beginning it. */
export async function countOutdated(
  store: Store,
  registry: Registry,
  request: RecomputeRequest,
): Promise<OutdatedCount[]> {
  const revisions = new ChannelRevisions(store, registry);
  const counts = new Map<string, number>();
  const progress = countProgress({ of: 'states looked at' });
  let looked = 0;
  let after: RecomputeCursor | undefined;
  try {
    do {
      const portion = await findOutdated(store, revisions, request, after);
      for (const { task } of portion.runs) counts.set(task.unit, (counts.get(task.unit) ?? 0) + 1);
      looked += portion.looked;
      progress.update(looked);
      after = portion.next;
    } while (after !== undefined);
  } finally {
    progress.end();
  }
  return Array.from(counts, ([unit, results]) => ({ unit, version: versionOf(registry, unit), results }));
}

export function countText(counts: readonly OutdatedCount[]): string {
  if (counts.length === 0) return 'There is nothing to compute.';
  const rows = counts.map(({ unit, version, results }) => [unit, version, results]);
  return table(['unit', 'version', 'results to compute'], rows);
}

/** A unit that this build does not have fails where its result would be. */
function versionOf(registry: Registry, name: string): string {
  return registry.all().find((unit) => unit.tier === 't2' && unit.name === name)?.version ?? 'unknown';
}
