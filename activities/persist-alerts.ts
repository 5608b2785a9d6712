import { MongoBulkWriteError, type AnyBulkWriteOperation, type Document } from 'mongodb';
import type { Alert } from '../model/alert.js';
import type { Datapoint } from '../model/datapoint.js';
import { healpixNested, SKY_INDEX_ORDER } from '../store/sky-index.js';
import type * as doc from '../store/documents.js';
import { DUPLICATE_KEY } from '../store/group-commit.js';
import type { Store } from '../store/store.js';
import { alertKey, splitClaims, type SplitAlerts } from './claimed-ids.js';
import { persistCutouts } from './persist-cutouts.js';
import type { Forwarded } from './screen.js';

/**
 * Writes the forwarded alerts of a batch with their datapoints and objects, before any transient hears of them. What
 * claims the id of another object's alert leaves nothing there.
 */
export async function persistAlerts(
  store: Store,
  stream: string,
  forwarded: readonly Forwarded[],
): Promise<SplitAlerts> {
  if (forwarded.length === 0) return { own: [], claiming: [] };
  const [split, known] = await Promise.all([insertAlerts(store, stream, forwarded), knownPoints(store, forwarded)]);
  const { own } = split;
  if (own.length === 0) return split;
  await Promise.all([
    persistDatapoints(store, own, known),
    persistCutouts(store, own, Date.now()),
    store.stocks.bulkWrite(
      own.map((one) => stockWrite(one, stream)),
      { ordered: true },
    ),
  ]);
  return split;
}

async function insertAlerts(store: Store, stream: string, forwarded: readonly Forwarded[]): Promise<SplitAlerts> {
  const writes = forwarded.map((one) => alertWrite(one, stream));
  const { upsertedIds } = await store.alerts.bulkWrite(writes, { ordered: false });
  const known = forwarded.filter((_, i) => !(i in upsertedIds));
  return splitClaims(store, forwarded, known);
}

interface NewPoint {
  readonly point: Datapoint & Pick<doc.DatapointDocument, 'survey' | 'programme'>;
  readonly objects: Set<string>;
  readonly channels: Set<string>;
}

type Known = ReadonlyMap<string, Pick<doc.DatapointDocument, 'objects' | 'channels'>>;

/** Those datapoints of the alerts that are stored already, by `_id`. */
async function knownPoints(store: Store, forwarded: readonly Forwarded[]): Promise<Known> {
  const ids = new Set(forwarded.flatMap(({ alert }) => alert.datapoints.map((point) => pointKey(alert, point))));
  const found = store.datapoints.find({ _id: { $in: [...ids] } }, { projection: { objects: 1, channels: 1 } });
  return new Map((await found.toArray()).map((point) => [point._id, point]));
}

/** The first body of a point stays; objects and channels are added. Most points of an alert are known and need no write. */
async function persistDatapoints(store: Store, forwarded: readonly Forwarded[], known: Known): Promise<void> {
  const fresh = new Map<string, NewPoint>();
  const grown = new Map<string, NewPoint>();
  for (const [_id, point] of pointsOf(forwarded)) {
    const stored = known.get(_id);
    if (stored === undefined) fresh.set(_id, point);
    else if (!isKnown(point, stored)) grown.set(_id, point);
  }
  await Promise.all([insertPoints(store, fresh), upsertPoints(store, grown)]);
}

function isKnown(point: NewPoint, { objects, channels }: Pick<doc.DatapointDocument, 'objects' | 'channels'>): boolean {
  return (
    [...point.objects].every((name) => objects.includes(name)) &&
    [...point.channels].every((name) => channels.includes(name))
  );
}

/** Half as dear as upserts. What another reader has written in the meantime is upserted. */
async function insertPoints(store: Store, points: ReadonlyMap<string, NewPoint>): Promise<void> {
  if (points.size === 0) return;
  const documents = Array.from(points, ([_id, { point, objects, channels }]) => {
    return { _id, ...point, objects: [...objects], channels: [...channels] };
  });
  try {
    await store.datapoints.insertMany(documents, { ordered: false });
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError) || error.code !== DUPLICATE_KEY) throw error;
    await upsertPoints(store, points);
  }
}

async function upsertPoints(store: Store, points: ReadonlyMap<string, NewPoint>): Promise<void> {
  if (points.size === 0) return;
  const writes = Array.from(points, ([_id, { point, objects, channels }]) => ({
    updateOne: {
      filter: { _id },
      update: {
        $setOnInsert: { ...point },
        $addToSet: { objects: { $each: [...objects] }, channels: { $each: [...channels] } },
      },
      upsert: true,
    },
  }));
  await store.datapoints.bulkWrite(writes, { ordered: false });
}

function pointKey({ survey }: Alert, { id }: Datapoint): string {
  return `${survey}:${id}`;
}

function pointsOf(forwarded: readonly Forwarded[]): Map<string, NewPoint> {
  const points = new Map<string, NewPoint>();
  for (const { alert, accepted } of forwarded) {
    for (const point of alert.datapoints) {
      const key = pointKey(alert, point);
      let entry = points.get(key);
      if (entry === undefined) {
        entry = { point: { ...point, ...originOf(alert, point) }, objects: new Set(), channels: new Set() };
        points.set(key, entry);
      }
      entry.objects.add(alert.objectId);
      for (const channel of accepted) entry.channels.add(channel);
    }
  }
  return points;
}

function originOf({ survey }: Alert, { body }: Datapoint): Pick<doc.DatapointDocument, 'survey' | 'programme'> {
  const { programid } = body;
  return { survey, ...(typeof programid === 'number' && { programme: programid }) };
}

function alertWrite(
  { alert, partition, offset, place }: Forwarded,
  stream: string,
): AnyBulkWriteOperation<doc.AlertDocument> {
  const { survey, alertId, objectId, stock, jd, candidate, datapoints } = alert;
  const $setOnInsert = {
    survey,
    alertId,
    objectId,
    stock,
    jd,
    candidate,
    datapoints: datapoints.map(({ id }) => id),
    stream,
    partition,
    offset,
    place,
    pending: true,
  };
  return { updateOne: { filter: { _id: alertKey(alert) }, update: { $setOnInsert }, upsert: true } };
}

/**
 * One write for what it brings to its object, however many channels accept it. What was written first stays, and nothing
 * of it is taken for an expression: names come from the packet.
 */
function stockWrite(
  { alert, partition, offset, accepted }: Forwarded,
  stream: string,
): AnyBulkWriteOperation<doc.StockDocument> {
  const { stock, objectId, survey, position, jd } = alert;
  const first = { survey, names: [objectId], tags: [survey.toUpperCase()], ...skyIndex(position) };
  const seen = { firstSeenJd: { $min: ['$firstSeenJd', jd] }, lastSeenJd: { $max: ['$lastSeenJd', jd] } };
  const update = [{ $replaceWith: { $mergeObjects: [{ $literal: first }, '$$ROOT', seen] } }];
  const follow: doc.Follow = { stream, partition, offset };
  return {
    updateOne: {
      filter: { _id: stock },
      update: accepted.length === 0 ? update : [...update, { $set: followedBy(accepted, follow) }],
      upsert: true,
    },
  };
}

function followedBy(channels: readonly string[], since: doc.Follow): Document {
  const follows = Object.fromEntries(channels.map((channel) => [channel, since]));
  const known = { $map: { input: { $objectToArray: { $ifNull: ['$follows', {}] } }, in: '$$this.k' } };
  return {
    follows: { $mergeObjects: ['$follows', { $literal: follows }, '$follows'] },
    // By the server's clock: other readers have heard of everything before, however long this write was under way.
    followedAt: { $cond: [{ $setIsSubset: [{ $literal: channels }, known] }, '$followedAt', '$$NOW'] },
  };
}

function skyIndex(position: Alert['position']): Pick<doc.StockDocument, 'position' | 'healpix' | 'geo'> {
  const { ra, dec } = position;
  return {
    position,
    healpix: healpixNested(SKY_INDEX_ORDER, ra, dec),
    geo: { type: 'Point', coordinates: [ra - 180, dec] },
  };
}
