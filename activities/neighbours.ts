import type { Datapoint } from '../model/datapoint.js';
import { positionOf } from '../model/object-position.js';
import { angularSeparationDeg, type SkyPosition } from '../model/sky-separation.js';
import type { DecideRequest } from '../model/transient.js';
import { datapointOf, type MatchedObject, type StockDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Survey } from '../streams/survey.js';
import { surveyNamed } from '../streams/surveys.js';
import type { ReadyChannel } from './channel-revisions.js';
import { inTime, type Neighbour } from './combine.js';

/** An object of another survey with all that is known of it; how far away it is depends on who may see which points. */
type NearObject = Omit<Neighbour, 'separationArcsec'>;

/** Objects of other surveys near one object. */
export interface Neighbourhood {
  /** All that may be within the widest distance that a channel asks for. */
  readonly near: readonly NearObject[];
  /** What a decision on an alert (`<alert id>/<channel ref>`) took before: it takes the same again, whatever came since. */
  readonly taken: ReadonlyMap<string, readonly MatchedObject[]>;
}

export const NO_NEIGHBOURS: Neighbourhood = { near: [], taken: new Map() };

/** Positions of an object's single detections are so near each other; the search is by one of them. */
const SCATTER_ARCSEC = 5;
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
      geo: {
        $geoWithin: { $centerSphere: [[...stock.geo.coordinates], (widest + SCATTER_ARCSEC) * RADIANS_PER_ARCSEC] },
      },
    })
    .toArray();
  const near = await Promise.all(found.map((other) => nearObject(store, other)));
  return { near, taken: await readTaken(store, request, matching) };
}

/**
 * The neighbours that a channel takes for the object whose points are `own`, the nearest first, with what it took of them where
 * the alert was decided before. Distances are between detections that it may see.
 */
export function neighboursFor(
  { near, taken }: Neighbourhood,
  { ref, channel: { streams, t1, access } }: ReadyChannel,
  alertId: string,
  own: { readonly survey: Survey; readonly points: readonly Datapoint[] },
): readonly Neighbour[] {
  const radius = t1?.matchArcsec;
  if (radius === undefined) return [];
  const before = taken.get(`${alertId}/${ref}`);
  if (before !== undefined) return before.flatMap((object) => takenAgain(object, near));
  const place = visiblePosition(own.survey, own.points, access);
  return near
    .filter(({ survey }) => streams.includes(survey))
    .flatMap((one): Neighbour[] => {
      const other = visiblePosition(one.of, one.known, access);
      if (place === undefined || other === undefined) return [];
      const separationArcsec = 3600 * angularSeparationDeg(place, other);
      return separationArcsec <= radius ? [{ ...one, separationArcsec }] : [];
    })
    .sort((a, b) => a.separationArcsec - b.separationArcsec);
}

function takenAgain({ stock, datapoints, separationArcsec }: MatchedObject, near: readonly NearObject[]): Neighbour[] {
  const one = near.find((object) => object.stock === stock);
  if (one === undefined) return [];
  return [{ ...one, separationArcsec, known: one.known.filter(({ id }) => datapoints.includes(id)) }];
}

function visiblePosition(
  survey: Survey,
  points: readonly Datapoint[],
  access: readonly string[],
): SkyPosition | undefined {
  return positionOf(inTime(points.filter(({ kind, tags }) => kind === 'detection' && survey.maySee(tags, access))));
}

async function nearObject(store: Store, other: StockDocument): Promise<NearObject> {
  const { _id: stock, survey, names } = other;
  const lists = await store.alerts.find({ survey, stock }, { projection: { datapoints: 1 } }).toArray();
  const ids = [...new Set(lists.flatMap(({ datapoints }) => datapoints))].map((id) => `${survey}:${id}`);
  const points = await store.datapoints.find({ _id: { $in: ids } }).toArray();
  return { survey, stock, objectId: names[0] ?? stock, of: surveyNamed(survey), known: points.map(datapointOf) };
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
