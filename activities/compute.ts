import type { Json } from '../model/canonical-json.js';
import type { UnitUse } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import type { ChannelRef, UnitTask } from '../model/transient.js';
import type { AlertDocument } from '../store/documents.js';
import type { ReadyChannel, ReadyUnit } from './channel-revisions.js';
import type { CombinedState } from './combine.js';

/** A T2 result that was computed beside the decision. */
export interface ComputedResult {
  readonly key: string;
  readonly use: UnitUse;
  readonly link: string;
  readonly channels: readonly ChannelRef[];
  readonly body: Json;
}

/** Identity of a computation: the same work asked for by several channels is done and stored once. */
export function resultKey(stock: string, { unit, version, configHash }: UnitUse, link: string): string {
  return contentHash({ stock, unit, version, configHash, link });
}

/** Runs the light units of the accepting channels; heavy ones, and light ones that throw, become tasks. */
export function computeUnits(
  alert: AlertDocument,
  accepting: readonly { ready: ReadyChannel; state: CombinedState }[],
): { results: ComputedResult[]; tasks: UnitTask[] } {
  const results: ComputedResult[] = [];
  const tasks: UnitTask[] = [];
  for (const { key, unit, state, channels } of wantedUnits(alert.stock, accepting)) {
    const { use } = unit;
    const task = { key, unit: use.unit, link: state.link, alertId: alert.alertId, jd: alert.jd, channels };
    if (unit.cost === 'heavy') {
      tasks.push(task);
      continue;
    }
    try {
      const body = unit.run({ ...alert, link: state.link, datapoints: state.datapoints });
      results.push({ key, use, link: state.link, channels, body });
    } catch {
      // Its own activity says what is wrong and holds up nothing.
      tasks.push(task);
    }
  }
  return { results, tasks };
}

interface WantedUnit {
  readonly key: string;
  readonly unit: ReadyUnit;
  readonly state: CombinedState;
  readonly channels: ChannelRef[];
}

function wantedUnits(
  stock: string,
  accepting: readonly { ready: ReadyChannel; state: CombinedState }[],
): Iterable<WantedUnit> {
  const wanted = new Map<string, WantedUnit>();
  for (const { ready, state } of accepting) {
    for (const unit of ready.units) {
      const key = resultKey(stock, unit.use, state.link);
      const other = wanted.get(key);
      if (other === undefined) wanted.set(key, { key, unit, state, channels: [ready.ref] });
      else other.channels.push(ready.ref);
    }
  }
  return wanted.values();
}
