import type { Datapoint } from '../model/datapoint.js';
import { forAll, type UnitTask } from '../model/transient.js';
import { datapointKeys, type JournalDocument, type StateDocument, type StockDocument } from '../store/documents.js';
import { isVisible } from './accepted-states.js';
import type { ReadyChannel } from './channel-revisions.js';
import { inTime } from './combine.js';
import { computeUnits, type Accepting } from './compute.js';
import { withoutComparisons } from './ready-unit.js';

/** An acceptance of an object by a channel. */
export type Acceptance = Pick<JournalDocument, 'stock' | 'channel' | 'alertId' | 'sequence' | 'link' | 'group'>;

/** What the store knows of one object. */
export interface RecordedObject {
  readonly stock: StockDocument;
  /** In order of time. */
  readonly states: readonly StateDocument[];
  /** In the order in which its transient took them. */
  readonly acceptances: readonly Acceptance[];
  /** Of its states, by `_id`; their bodies are not looked at. */
  readonly datapoints: ReadonlyMap<string, Datapoint>;
  /** By channel: the id of the candidate of its first accepted alert. */
  readonly firstAccepted: ReadonlyMap<string, string>;
}

/** A result that channels ask for, and the times (Julian dates) of the states that lead to it. */
export interface ObjectTask {
  readonly task: UnitTask;
  readonly jds: readonly number[];
  /** Keys of the results that it builds on. */
  readonly needed: readonly string[];
}

/**
 * All results that the channels' revisions ask for, with the units of this build: what is needed comes before what needs it, a
 * result that several states lead to once, at the first. As in the decisions, but nothing is computed here.
 */
export async function objectTasks(object: RecordedObject, channels: readonly ReadyChannel[]): Promise<ObjectTask[]> {
  const { survey } = object.stock;
  const tasks = new Map<string, ObjectTask>();
  for (const state of object.states) {
    const { stock, objectId, alertId, jd } = state;
    const accepting = channels.flatMap((channel) => acceptingOf(object, state, elsewhere(channel)) ?? []);
    if (accepting.length === 0) continue;
    const computed = await computeUnits({ alertId, objectId, stock, jd, survey }, accepting);
    for (const task of computed.tasks) {
      const known = tasks.get(task.key);
      tasks.set(task.key, {
        task: forAll(known?.task ?? task, task),
        jds: [...(known?.jds ?? []), jd],
        needed: computed.needed.get(task.key) ?? [],
      });
    }
  }
  return [...tasks.values()];
}

/** Nothing is computed beside a decision: all units become tasks. */
function elsewhere(ready: ReadyChannel): ReadyChannel {
  return { ...ready, units: ready.units.map((unit) => ({ ...unit, cost: 'heavy' })) };
}

/** Undefined where the channel has not seen the object in this state. */
function acceptingOf(object: RecordedObject, state: StateDocument, ready: ReadyChannel): Accepting | undefined {
  const { name } = ready.channel;
  const { survey } = object.stock;
  const isOpen = (one: StateDocument): boolean => isVisible(one, survey, object.datapoints, ready.channel);
  if (!state.channels.includes(name) || !isOpen(state)) return undefined;
  const closed = new Set(object.states.filter((one) => !isOpen(one)).map(({ link }) => link));
  const own = object.acceptances.filter(({ channel, link = '' }) => channel === name && !closed.has(link));
  const ledToIt = own.find(({ link }) => link === state.link);
  const { group, sequence = 0 } = ledToIt ?? own.find(({ alertId }) => alertId === state.alertId) ?? {};
  const links = own.filter((one) => one.sequence <= sequence).map(({ link = '' }) => link);
  const firstAccepted = object.firstAccepted.get(name);
  return {
    ready: ledToIt === undefined ? { ...ready, units: withoutComparisons(ready.units) } : ready,
    state: {
      ...{ link: state.link, ids: state.datapoints, datapoints: datapointsOf(object, state) },
      ...{ matched: state.matched ?? [], leftOut: {} },
    },
    links: [...new Set(links)],
    ...(group !== undefined && { group }),
    ...(firstAccepted !== undefined && { firstAccepted }),
  };
}

function datapointsOf({ stock, datapoints }: RecordedObject, state: StateDocument): Datapoint[] {
  return inTime(datapointKeys(state, stock.survey).flatMap((key) => datapoints.get(key) ?? []));
}
