import type { Condition } from '../model/condition.js';
import type { Store } from '../store/store.js';
import type { Holding, KnownResults } from '../units/expression/result-expression.js';
import type { ReadyChannel } from './channel-revisions.js';
import { knownResults, readStateView } from './state-view.js';

/** Whether a condition holds by what is known; undefined while a result that it reads is missing. */
export function judged(
  { conditions, ref }: ReadyChannel,
  { holds, units }: Condition,
  known: KnownResults,
): Holding | undefined {
  if (!units.every((unit) => unit in known.results)) return undefined;
  const condition = conditions.get(holds);
  if (condition === undefined) throw new Error(`${ref} has no expression ${holds}`);
  return condition.holds(known);
}

/** Newer ones may still be without results; so many of them are looked at. */
const MAX_STATES = 20;

/**
 * Whether a condition holds of the newest state of the object that has all results that it reads, of those up to an event time
 * (Julian date). Undefined where there is none.
 */
export async function judgedBy(
  store: Store,
  ready: ReadyChannel,
  condition: Condition,
  { survey, stock, jd }: { readonly survey: string; readonly stock: string; readonly jd: number },
): Promise<Holding | undefined> {
  const states = store.states
    .find({ stock, channels: ready.channel.name, jd: { $lte: jd } }, { projection: { link: 1 } })
    .sort({ jd: -1, _id: -1 })
    .limit(MAX_STATES);
  for await (const { link } of states) {
    const holding = judged(ready, condition, knownResults(await readStateView(store, { survey, stock, link }, ready)));
    if (holding !== undefined) return holding;
  }
  return undefined;
}
