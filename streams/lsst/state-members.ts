import type { Datapoint } from '../../model/datapoint.js';

/**
 * AMPEL's multiplexer (ampel/lsst/ingest/LSSTMongoMuxer.py): all that is known of the object, each datapoint once; nothing
 * is superseded, and a measurement that was processed again stands beside the first one. AMPEL cuts nothing off, so a late
 * alert's state has points from its future there; here it is what was known at `jd`, in whatever order alerts come.
 * Keeps the order of `known`.
 */
export function stateMembers<Point extends Datapoint>(known: readonly Point[], jd: number, forced = true): Point[] {
  const ids = new Set<string>();
  return known.filter((point) => {
    if (point.jd > jd || ids.has(point.id) || (point.kind === 'forced' && !forced)) return false;
    ids.add(point.id);
    return true;
  });
}
