import type { UnitActivities } from '../model/transient.js';
import { datapointKeys } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { readAccepted } from './accepted-states.js';
import type { ReadyChannel } from './channel-revisions.js';
import { inTime } from './combine.js';
import { comparesStates, type ReadyUnit } from './ready-unit.js';
import { targetsOf, type Target, type WorkPlace } from './t2-work.js';

type Request = Parameters<UnitActivities['runUnit']>[0];

/** What a task is about: what its unit looks at, and the results that it builds on. */
export interface TaskWork {
  readonly place: WorkPlace;
  /** Undefined where the revision, or this build, would not ask for it so. */
  readonly target: Pick<Target, 'link' | 'needs'> | undefined;
}

/** Reads what a task is about as the decision saw it. Throws where state or datapoints are not in the store: that is tried again. */
export async function readTaskWork(
  store: Store,
  request: Request,
  unit: ReadyUnit,
  ready: ReadyChannel,
): Promise<TaskWork> {
  const { survey, stock, objectId, task } = request;
  const link = task.state ?? task.link;
  const stateKey = `${stock}:${link}`;
  const [state] = (await store.grouped.states.read([stateKey])).get(stateKey) ?? [];
  if (state === undefined) throw new Error(`${task.unit}: state ${stateKey} is not in the store`);
  const found = await store.grouped.datapoints.read(datapointKeys(state, survey));
  const isTied = unit.use.needs !== undefined;
  const place: WorkPlace = {
    ...{ objectId, stock, view: ready.channel, units: ready.units },
    state: { link, datapoints: inTime([...found.values()]) },
    links: ready.units.some(comparesStates) && isTied ? await linksUpTo(store, request, ready) : [link],
    ...(isTied && (await firstAccepted(store, request, ready))),
  };
  if (!isTied) return { place, target: { link: task.link, needs: [] } };
  return { place, target: targetsOf(unit, place).find(({ key }) => key === task.key) };
}

/** Links of the channel's states up to that of the alert that asked, each once. */
async function linksUpTo(store: Store, { survey, stock, task }: Request, ready: ReadyChannel): Promise<string[]> {
  const [accepted, alert] = await Promise.all([
    readAccepted(store, { survey, stock }, ready),
    store.alerts.findOne({ _id: `${survey}:${task.alertId}` }, { projection: { sequence: 1 } }),
  ]);
  const last = alert?.sequence ?? Infinity;
  return [...new Set(accepted.filter(({ sequence }) => sequence <= last).map(({ link }) => link))];
}

async function firstAccepted(
  store: Store,
  { survey, stock }: Request,
  { channel }: ReadyChannel,
): Promise<Pick<WorkPlace, 'firstAccepted'>> {
  const object = await store.stocks.findOne({ _id: stock }, { projection: { [`channels.${channel.name}`]: 1 } });
  const first = object?.channels?.[channel.name]?.firstAlertId;
  if (first === undefined) return {};
  const alert = await store.alerts.findOne(
    { _id: `${survey}:${first}` },
    { projection: { datapoints: { $slice: 1 } } },
  );
  const candidate = alert?.datapoints[0];
  return candidate === undefined ? {} : { firstAccepted: candidate };
}
