import type { Datapoint } from '../../model/datapoint.js';
import { rcidOfPid } from './identity.js';

/**
 * AMPEL's multiplexer: of the points up to `jd`, ZTF's re-issued ones leave only the highest id of each exposure and
 * quadrant, so that the newest reprocessing wins and a detection beats an upper limit. Keeps the order of `known`.
 */
export function stateMembers<Point extends Datapoint>(known: readonly Point[], jd: number, forced = false): Point[] {
  const best = new Map<string, Point>();
  for (const point of known) {
    if (point.jd > jd) continue;
    if (point.kind === 'forced') {
      // AMPEL makes its states without the forced photometry of alerts. No detection is superseded by it.
      if (forced) best.set(point.id, point);
      continue;
    }
    const exposure = `${point.jd}/${quadrant(point)}`;
    const other = best.get(exposure);
    if (other === undefined || BigInt(point.id) > BigInt(other.id)) best.set(exposure, point);
  }
  const kept = new Set(best.values());
  return known.filter((point) => kept.delete(point));
}

function quadrant({ body }: Datapoint): number {
  if (typeof body['rcid'] === 'number') return body['rcid'];
  const pid = body['pid'];
  return typeof pid === 'string' || typeof pid === 'number' ? rcidOfPid(pid) : -1;
}
