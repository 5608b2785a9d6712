import type { Datapoint } from '../model/datapoint.js';
import type { DecideRequest, DetectionRef } from '../model/transient.js';
import type { AlertDocument, StockDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { readAccepted, type AcceptedState } from './accepted-states.js';
import type { ReadyChannel } from './channel-revisions.js';
import { NO_NEIGHBOURS, readNeighbours, type Neighbourhood } from './neighbours.js';
import { comparesStates } from './ready-unit.js';

/** What is stored of one object: all that a decision is made from. */
export interface KnownObject {
  readonly stock: StockDocument;
  /** The alerts to decide on, with the candidate. */
  readonly alerts: ReadonlyMap<string, AlertDocument>;
  /** Order of each alert in the object's life; the alerts to decide on come last unless they were decided before. */
  readonly sequences: ReadonlyMap<string, number>;
  /** Ids of the datapoints that each alert brought, by alert. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly datapoints: ReadonlyMap<string, Datapoint>;
  /** For channels that take objects of other surveys for the same object. */
  readonly neighbourhood: Neighbourhood;
  /** By name of a channel with units that compare states: what it accepted before. */
  readonly accepted: ReadonlyMap<string, readonly AcceptedState[]>;
}

/** Reads what `channels` decide from. Throws where something is not in the store: it is tried again. */
export async function readKnown(
  store: Store,
  request: DecideRequest,
  channels: readonly ReadyChannel[],
): Promise<KnownObject> {
  const { survey, objectId, stock: stockId, detections } = request;
  const ids = detections.map(({ alertId }) => `${survey}:${alertId}`);
  const [alertsFound, listsFound, stocksFound] = await Promise.all([
    store.grouped.alerts.read(ids),
    store.grouped.alertLists.read([objectId]),
    store.grouped.stocks.read([stockId]),
  ]);
  const stock = stocksFound.get(stockId)?.[0];
  const found = [...alertsFound.values()].flat();
  const missing = detections.find(({ alertId }) => !found.some((alert) => alert.alertId === alertId));
  if (stock === undefined || missing !== undefined) {
    throw new Error(
      `${objectId}: ${missing === undefined ? 'its stock' : `alert ${missing.alertId}`} is not in the store`,
    );
  }
  // A packet may claim the id of another object's alert: that alert is the other's to decide on.
  const own = found.filter((alert) => alert.objectId === objectId);
  const alerts = new Map(own.map((alert) => [alert.alertId, alert]));
  const lists = listsFound.get(objectId) ?? [];
  const sequences = sequencesOf(
    lists,
    detections.filter(({ alertId }) => alerts.has(alertId)),
  );
  const wanted = new Set(lists.filter(({ alertId }) => sequences.has(alertId)).flatMap(({ datapoints }) => datapoints));
  const [datapoints, neighbourhood, accepted] = await Promise.all([
    store.grouped.datapoints.read([...wanted].map((id) => `${survey}:${id}`)),
    channels.some(({ channel: { t1 } }) => t1?.matchArcsec !== undefined)
      ? readNeighbours(store, request, stock, channels)
      : NO_NEIGHBOURS,
    acceptedBy(store, request, channels),
  ]);
  const listed = new Map(lists.map(({ alertId, datapoints: points }) => [alertId, points]));
  return { stock, alerts, sequences, lists: listed, datapoints, neighbourhood, accepted };
}

/** Alerts decided before keep their order; new ones follow in the order of the request. */
function sequencesOf(
  lists: readonly Pick<AlertDocument, 'alertId' | 'sequence'>[],
  detections: readonly DetectionRef[],
): Map<string, number> {
  const sequences = new Map(
    lists.flatMap(({ alertId, sequence }) => (sequence === undefined ? [] : [[alertId, sequence]])),
  );
  let last = Math.max(0, ...sequences.values());
  for (const { alertId } of detections) if (!sequences.has(alertId)) sequences.set(alertId, ++last);
  return sequences;
}

async function acceptedBy(
  store: Store,
  object: Pick<DecideRequest, 'survey' | 'stock'>,
  channels: readonly ReadyChannel[],
): Promise<Map<string, AcceptedState[]>> {
  const comparing = channels.filter(({ units }) => units.some(comparesStates));
  const found = await Promise.all(
    comparing.map(async (ready) => [ready.channel.name, await readAccepted(store, object, ready)] as const),
  );
  return new Map(found);
}
