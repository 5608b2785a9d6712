import type { Alert } from '../model/alert.js';
import type { Store } from '../store/store.js';
import { KEPT_BYTES } from '../streams/avro/container-records.js';
import { Unreadable } from '../streams/avro/unreadable.js';
import type { BadPacket } from '../streams/packet.js';
import type { Forwarded } from './screen.js';

/** Forwarded alerts apart from those that claim the id of another object's alert. */
export interface SplitAlerts {
  readonly own: readonly Forwarded[];
  /** As dead letters. */
  readonly claiming: readonly BadPacket[];
}

/** `_id` of the document of an alert. */
export function alertKey({ survey, alertId }: Alert): string {
  return `${survey}:${alertId}`;
}

/**
 * Tells alerts from those whose id is stored as one of another object: whoever came first has it. `known`: those of
 * `forwarded` that were stored before, which of a batch that is read for the first time are none.
 */
export async function splitClaims(
  store: Store,
  forwarded: readonly Forwarded[],
  known: readonly Forwarded[],
): Promise<SplitAlerts> {
  if (known.length === 0) return { own: forwarded, claiming: [] };
  const ids = [...new Set(known.map(({ alert }) => alertKey(alert)))];
  const stored = await store.alerts.find({ _id: { $in: ids } }, { projection: { objectId: 1 } }).toArray();
  const owners = new Map(stored.map(({ _id, objectId }) => [_id, objectId]));
  const own: Forwarded[] = [];
  const claiming: BadPacket[] = [];
  for (const one of forwarded) {
    const owner = owners.get(alertKey(one.alert));
    if (owner === undefined || owner === one.alert.objectId) own.push(one);
    else claiming.push(claimLetter(one, owner));
  }
  return { own, claiming };
}

/** The packet is gone by now, as a batch holds none: what was read of it is kept. */
function claimLetter({ alert, partition, offset, place }: Forwarded, owner: string): BadPacket {
  const { alertId, objectId } = alert;
  const message = `alert id ${alertId} is claimed for ${objectId}, but the alert of this id is one of ${owner}`;
  const bytes = Buffer.from(JSON.stringify(alert)).subarray(0, KEPT_BYTES);
  return { partition, offset, place, problem: new Unreadable('claimed-id', message), bytes };
}
