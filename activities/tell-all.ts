import type { Json } from '../model/canonical-json.js';
import { jdOfUnixMs } from '../model/julian-date.js';
import { runKey, type RunRequest } from '../model/periodic-run.js';
import type { Population, SelectedObject } from '../model/population.js';
import type { ReactOutcome } from '../model/transient.js';
import type { ReactionState } from '../store/documents.js';
import type { RunObjectDocument } from '../store/run-documents.js';
import type { Store } from '../store/store.js';
import { carryOut, type ReactDeps } from './carry-out.js';
import { channelRef, type ReadyChannel } from './channel-revisions.js';
import { draftOf } from './draft.js';
import { periodicRuleOf } from './periodic-rule.js';
import { refusal } from './reaction-failure.js';
import { ReactionRecord, type ReactionSubject } from './reaction-record.js';
import { selectedObject } from './selected-object.js';
import { statePosition } from './state-position.js';
import { readStateViews } from './state-view.js';

/** So many references of earlier runs are handed to a unit. */
const MOST_EARLIER = 20;

/** Sends the one message on all that a run has selected: once, by the same steps as a message on one object. */
export async function tellAll(
  deps: ReactDeps,
  request: RunRequest,
  tell: (read: number) => void,
): Promise<ReactOutcome> {
  const { store, registry } = deps;
  const ready = await deps.revisions.get(channelRef({ channel: { name: request.channel }, hash: request.channelHash }));
  const rule = periodicRuleOf(ready, request.rule);
  const unit = registry.t3(rule.unit);
  if (unit.summarize === undefined) throw refusal(`${unit.name} has no message on several objects`);
  const config = unit.config.parse(rule.config);
  const key = runKey(request);
  const objects = await store.runObjects.find({ run: key }).sort({ place: 1 }).toArray();
  const subject = subjectOf(request, objects);
  const record = new ReactionRecord(store, subject, rule);
  const before = await store.reactions.findOne({ _id: key });
  const population = before === null ? await populationOf(store, ready, request, objects, tell) : undefined;
  const compose = (): Json => (population && unit.summarize?.(population, config)) ?? null;
  const draft = population && (await draftOf(store, ready, rule, compose));
  const document = before ?? (await record.intend(draft ?? { state: 'intended' }));
  return carryOut({
    ...{ deps, subject, rule, ready, unit, config, record, document, problem: draft?.problem },
  });
}

/** What stands in the journal of each object: a hundred tries of one message need not. */
const TOLD: readonly ReactionState[] = ['confirmed', 'failed', 'outcome unknown', 'called off', 'dry'];

function subjectOf(request: RunRequest, objects: readonly RunObjectDocument[]): ReactionSubject {
  const { channel, channelHash, rule, dueMs } = request;
  const key = runKey(request);
  const places = objects.map(({ stock, objectId, alertId, link }) => ({ stock, objectId, alertId, link, of: stock }));
  return {
    ...{ key, name: `the run ${key}`, channel, channelHash, rule, dueJd: jdOfUnixMs(dueMs) },
    of: { run: key, objects: objects.length },
    journal: (state) => (TOLD.includes(state) ? places : []),
  };
}

async function populationOf(
  store: Store,
  ready: ReadyChannel,
  request: RunRequest,
  chosen: readonly RunObjectDocument[],
  tell: (read: number) => void,
): Promise<Population> {
  const { channel, rule, dueMs } = request;
  const key = runKey(request);
  const dueJd = jdOfUnixMs(dueMs);
  const [run, earlier] = await Promise.all([
    store.runs.findOne({ _id: key }),
    store.reactions
      .find({ channel, rule, run: { $exists: true }, state: 'confirmed', dueJd: { $lt: dueJd } })
      .sort({ dueJd: -1 })
      .limit(MOST_EARLIER)
      .toArray(),
  ]);
  return {
    ...{ key, channel, rule, dueJd, count: run?.matched ?? chosen.length },
    objects: await objectsOf(store, ready, chosen, tell),
    earlier: earlier.toReversed().map(({ answer }) => ({
      ...(answer?.reference !== undefined && { reference: answer.reference }),
    })),
  };
}

const READ_TOGETHER = 200;

async function objectsOf(
  store: Store,
  ready: ReadyChannel,
  chosen: readonly RunObjectDocument[],
  tell: (read: number) => void,
): Promise<SelectedObject[]> {
  const told: SelectedObject[] = [];
  for (let from = 0; from < chosen.length; from += READ_TOGETHER) {
    tell(from);
    const some = chosen.slice(from, from + READ_TOGETHER);
    const [states, stocks] = await Promise.all([
      store.states.find({ _id: { $in: some.map(({ stock, link }) => `${stock}:${link}`) } }).toArray(),
      store.stocks.find({ _id: { $in: some.map(({ stock }) => stock) } }).toArray(),
    ]);
    const places = new Map(some.map((one) => [`${one.stock}:${one.link}`, one]));
    const viewable = states.map((state) => ({ ...state, survey: places.get(state._id)?.survey ?? '' }));
    const byState = new Map(viewable.map((state) => [state._id, state]));
    const byStock = new Map(stocks.map((stock) => [stock._id, stock]));
    const views = await readStateViews(store, viewable, ready, { points: true });
    for (const one of some) {
      const id = `${one.stock}:${one.link}`;
      const [state, view] = [byState.get(id), views.get(id)];
      if (state === undefined || view === undefined) throw new Error(`state ${id} is not in the store`);
      const firstAcceptedJd = byStock.get(one.stock)?.channels?.[ready.channel.name]?.firstJd ?? one.jd;
      const position = await statePosition(store, one, view.datapoints);
      told.push(selectedObject({ ...state, ...one, _id: id, firstAcceptedJd }, view, position));
    }
  }
  return told;
}
