import { angularSeparationDeg } from '../model/sky-separation.js';
import type { DecideRequest } from '../model/transient.js';
import { datapointOf, type MatchedObject, type StockDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';
import type { ReadyChannel } from './channel-revisions.js';
import type { Neighbour } from './combine.js';

/** Objects of other surveys near one object. */
export interface Neighbourhood {
  /** All within the widest distance that a channel asks for, the nearest first. */
  readonly near: readonly Neighbour[];
  /** What a decision on an alert (`<alert id>/<channel ref>`) took before: it takes the same again, whatever came since. */
  readonly taken: ReadonlyMap<string, readonly MatchedObject[]>;
}

export const NO_NEIGHBOURS: Neighbourhood = { near: [], taken: new Map() };

const RADIANS_PER_ARCSEC = Math.PI / 180 / 3600;

/** Reads what is known of the objects of the channels' other surveys at the place of `stock`. */
export async function readNeighbours(
  store: Store,
  request: DecideRequest,
  stock: StockDocument,
  channels: readonly ReadyChannel[],
): Promise<Neighbourhood> {
  const matching = channels.filter(({ channel: { t1 } }) => t1?.matchArcsec !== undefined);
  const widest = Math.max(...matching.map(({ channel: { t1 } }) => t1?.matchArcsec ?? 0));
  const surveys = [...new Set(matching.flatMap(({ channel }) => channel.streams))];
  const others = surveys.filter((survey) => survey !== request.survey);
  const found = await store.stocks
    .find({
      survey: { $in: others },
      geo: { $geoWithin: { $centerSphere: [[...stock.geo.coordinates], widest * RADIANS_PER_ARCSEC] } },
    })
    .toArray();
  const near = await Promise.all(found.map((other) => neighbour(store, stock, other)));
  near.sort((a, b) => a.separationArcsec - b.separationArcsec);
  return { near, taken: await readTaken(store, request, matching) };
}

/** The neighbours that a channel takes for the object, with what it took of them where the alert was decided before. */
export function neighboursFor(
  { near, taken }: Neighbourhood,
  { ref, channel: { streams, t1 } }: ReadyChannel,
  alertId: string,
): readonly Neighbour[] {
  const radius = t1?.matchArcsec;
  if (radius === undefined) return [];
  const before = taken.get(`${alertId}/${ref}`);
  if (before === undefined) {
    return near.filter(({ survey, separationArcsec }) => streams.includes(survey) && separationArcsec <= radius);
  }
  const ids = new Map(before.map(({ stock, datapoints }) => [stock, new Set(datapoints)]));
  return near
    .filter(({ stock }) => ids.has(stock))
    .map((one) => ({ ...one, known: one.known.filter(({ id }) => ids.get(one.stock)?.has(id)) }));
}

async function neighbour(store: Store, { position }: StockDocument, other: StockDocument): Promise<Neighbour> {
  const { _id: stock, survey, names, position: place } = other;
  const lists = await store.alerts.find({ survey, stock }, { projection: { datapoints: 1 } }).toArray();
  const ids = [...new Set(lists.flatMap(({ datapoints }) => datapoints))].map((id) => `${survey}:${id}`);
  const points = await store.datapoints.find({ _id: { $in: ids } }).toArray();
  return {
    ...{ survey, stock, objectId: names[0] ?? stock, of: surveyNamed(survey), known: points.map(datapointOf) },
    separationArcsec: 3600 * angularSeparationDeg(position, place),
  };
}

async function readTaken(
  store: Store,
  { survey, stock, detections }: DecideRequest,
  channels: readonly ReadyChannel[],
): Promise<Map<string, readonly MatchedObject[]>> {
  const ids = detections.flatMap(({ alertId }) => channels.map(({ ref }) => `t0/${survey}:${alertId}/${ref}`));
  const decided = await store.journal.find({ _id: { $in: ids }, outcome: 'accepted' }).toArray();
  const links = decided.flatMap(({ link }) => (link === undefined ? [] : [`${stock}:${link}`]));
  const states = await store.states.find({ _id: { $in: links } }).toArray();
  const matched = new Map(states.map(({ link, matched: objects = [] }) => [link, objects]));
  return new Map(decided.map(({ _id, link = '' }) => [_id.slice(`t0/${survey}:`.length), matched.get(link) ?? []]));
}
