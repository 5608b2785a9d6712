import { newDeadlines, type Deadline } from '../model/deadline.js';
import { deadlinesOf, isOfResults } from '../model/reaction-rules.js';
import type { UnitActivities } from '../model/transient.js';
import type { Store } from '../store/store.js';
import type { KnownResults } from '../units/expression/result-expression.js';
import type { ReadyChannel } from './channel-revisions.js';
import { judged } from './judge-condition.js';
import { isCondition } from './rule-conditions.js';
import { knownResults, readStateView } from './state-view.js';

type Request = Parameters<UnitActivities['runUnit']>[0];

/** The reactions that the result of a task sets off in the channels that asked for it, but none that was set off before. */
export async function setOffBy(
  store: Store,
  request: Request,
  channels: readonly ReadyChannel[],
): Promise<readonly Deadline[]> {
  const set = await Promise.all(channels.map((ready) => setOffIn(store, request, ready)));
  const deadlines = set.flat();
  if (deadlines.length === 0) return [];
  return newDeadlines(deadlines, await settledKeys(store, request.stock));
}

async function setOffIn(store: Store, { survey, stock, task }: Request, ready: ReadyChannel): Promise<Deadline[]> {
  const { channel, hash, ref } = ready;
  const { alertId, jd, unit, groups } = task;
  const news = { isDetection: false, results: [unit] };
  const waiting = channel.t3.filter((rule) => isOfResults(rule, news));
  if (waiting.length === 0) return [];
  const link = task.state ?? task.link;
  const known = waiting.some(({ when }) => isCondition(when))
    ? knownResults(await readStateView(store, { survey, stock, link }, ready))
    : undefined;
  const isWithin = waiting.some(({ withinDays }) => withinDays !== undefined);
  const found = isWithin ? await store.stocks.findOne({ _id: stock }, { projection: { channels: 1 } }) : null;
  const group = groups?.[ref];
  return deadlinesOf({
    ...{ channel, channelHash: hash, stock, alertId, jd, link, ...news },
    ...{ isFirst: false, firstJd: found?.channels?.[channel.name]?.firstJd ?? jd },
    ...(group !== undefined && { group }),
    holds: (rule) => holdsIn(ready, rule, known),
  });
}

/** Whether the condition that starts a rule holds by what is known; undefined where that is not enough. */
export function holdsIn(ready: ReadyChannel, rule: string, known: KnownResults | undefined): boolean | undefined {
  const when = ready.channel.t3.find(({ name }) => name === rule)?.when;
  return known !== undefined && isCondition(when) ? judged(ready, when, known)?.holds : undefined;
}

/** Keys of the reactions to an object that were set off before and have come to something. */
export async function settledKeys(store: Store, stock: string): Promise<string[]> {
  const reactions = await store.reactions.find({ stock }, { projection: { _id: 1 } }).toArray();
  return reactions.map(({ _id }) => _id);
}
