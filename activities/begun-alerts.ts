import type { Store } from '../store/store.js';
import type { PacketPlace } from '../streams/packet.js';

/**
 * Alerts that a reader has stored and whose batch was never acknowledged: it ended in between. They are passed on also where
 * the channel that wanted them is paused by now, or they would wait for their decision for ever.
 */
export class BegunAlerts {
  private readonly places = new Set<string>();

  /** Looks for them, from where the partitions stand. */
  async hear(store: Store, stream: string, positions: ReadonlyMap<string, number>): Promise<void> {
    this.places.clear();
    const undecided = store.alerts.find({ stream, pending: true }, { projection: { partition: 1, offset: 1 } });
    for await (const { partition, offset } of undecided) {
      if (offset >= (positions.get(partition) ?? 0)) this.places.add(keyOf({ partition, offset }));
    }
  }

  has(place: PacketPlace): boolean {
    return this.places.size > 0 && this.places.has(keyOf(place));
  }
}

function keyOf({ partition, offset }: Pick<PacketPlace, 'partition' | 'offset'>): string {
  return `${partition}@${offset}`;
}
