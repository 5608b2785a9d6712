import type { CombineOptions } from '../model/channel.js';
import type { Datapoint } from '../model/datapoint.js';
import { sortIds, stateLink } from '../model/state-link.js';
import type { LeftOut, MatchedObject } from '../store/documents.js';
import type { Survey } from '../streams/survey.js';

/** T1: what is known of an object at one alert, for one channel. */
export interface CombinedState {
  /** AMPEL's link, decimal string. */
  readonly link: string;
  /** Ids ascending, as the state is stored. */
  readonly ids: readonly string[];
  /** The points in order of time. */
  readonly datapoints: readonly Datapoint[];
  /** Objects of other surveys whose points are in it. */
  readonly matched: readonly MatchedObject[];
  readonly leftOut: LeftOut;
}

/** What a channel wants of its states. */
export interface Combiner {
  /** Data rights. */
  readonly access: readonly string[];
  readonly t1?: CombineOptions;
}

/** An object of another survey at the same place, with all that is known of it. */
export interface Neighbour extends Omit<MatchedObject, 'datapoints'> {
  readonly of: Survey;
  readonly known: readonly Datapoint[];
}

/**
 * Combines the known points of an object up to `alert`: AMPEL's multiplexer first, data rights after, then the channel's
 * own options. Points of `neighbours` go through the same.
 */
export function combineState(
  survey: Survey,
  known: readonly Datapoint[],
  alert: { readonly jd: number },
  combiner: Combiner,
  neighbours: readonly Neighbour[] = [],
): CombinedState {
  const own = members(survey, known, alert.jd, combiner);
  const seen = new Set<string>();
  const others = neighbours.map(({ of, known: theirs, ...object }) => {
    const kept = members(of, theirs, alert.jd, combiner);
    // An upper limit belongs to all objects of its quadrant.
    const points = kept.points.filter(({ id }) => !seen.has(`${object.survey}:${id}`));
    for (const { id } of points) seen.add(`${object.survey}:${id}`);
    return { object, kept: { ...kept, points } };
  });
  const parts = [own, ...others.map(({ kept }) => kept)];
  return {
    ...stateOf(parts.flatMap(({ points }) => points)),
    matched: others
      .filter(({ kept }) => kept.points.length > 0)
      .map(({ object, kept }) => ({ ...object, datapoints: sortIds(kept.points.map(({ id }) => id)) })),
    leftOut: leftOutOf(parts),
  };
}

/** States for the detections of a state before its last: each of the points up to one of them, in order of time. */
export function earlierStates({ datapoints, matched }: CombinedState): (CombinedState & { readonly jd: number })[] {
  const detections = datapoints.filter(({ kind }) => kind === 'detection').slice(0, -1);
  return detections.map((last) => {
    const points = datapoints.slice(0, datapoints.indexOf(last) + 1);
    const ids = new Set(points.map(({ id }) => id));
    const kept = matched.map((object) => ({ ...object, datapoints: object.datapoints.filter((id) => ids.has(id)) }));
    return {
      ...stateOf(points),
      matched: kept.filter((object) => object.datapoints.length > 0),
      leftOut: {},
      jd: last.jd,
    };
  });
}

/** Points in order of time, those of one exposure by id. */
export function inTime(datapoints: readonly Datapoint[]): Datapoint[] {
  return [...datapoints].sort((a, b) => a.jd - b.jd || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

function stateOf(points: readonly Datapoint[]): Pick<CombinedState, 'link' | 'ids' | 'datapoints'> {
  const ids = points.map(({ id }) => id);
  return { link: String(stateLink(ids)), ids: sortIds(ids), datapoints: inTime(points) };
}

interface Members {
  readonly points: readonly Datapoint[];
  readonly superseded: readonly string[];
  readonly left: Readonly<Record<'tag' | 'band' | 'age', number>>;
}

function members(survey: Survey, known: readonly Datapoint[], jd: number, { access, t1 = {} }: Combiner): Members {
  const muxed = survey.stateMembers(known, jd, t1.forced);
  const visible = muxed.filter(({ tags }) => survey.maySee(tags, access));
  const left = { tag: 0, band: 0, age: 0 };
  const points = visible.filter((point) => {
    const reason = reasonToLeave(point, jd, t1);
    if (reason !== undefined) left[reason]++;
    return reason === undefined;
  });
  return { points, superseded: supersededOf(survey, known, muxed, jd, { access, t1 }), left };
}

function reasonToLeave(
  { tags, band, jd: pointJd }: Datapoint,
  jd: number,
  { exclude = [], bands, maxAgeDays = Infinity }: CombineOptions,
): keyof Members['left'] | undefined {
  if (jd - pointJd > maxAgeDays) return 'age';
  if (exclude.some((tag) => tags.includes(tag))) return 'tag';
  return bands === undefined || band === '' || bands.includes(band) ? undefined : 'band';
}

/** Visible points up to `jd` that the multiplexer did not take. */
function supersededOf(
  survey: Survey,
  known: readonly Datapoint[],
  muxed: readonly Datapoint[],
  jd: number,
  { access }: Combiner,
): string[] {
  if (muxed.length === known.length) return [];
  const kept = new Set(muxed.map(({ id }) => id));
  const gone = known.filter((point) => point.jd <= jd && !kept.has(point.id) && point.kind !== 'forced');
  return sortIds([...new Set(gone.filter(({ tags }) => survey.maySee(tags, access)).map(({ id }) => id))]);
}

function leftOutOf(parts: readonly Members[]): LeftOut {
  const superseded = sortIds(parts.flatMap((part) => part.superseded));
  const count = (reason: keyof Members['left']): number => parts.reduce((sum, { left }) => sum + left[reason], 0);
  const counts = Object.fromEntries((['tag', 'band', 'age'] as const).map((reason) => [reason, count(reason)]));
  const found = Object.entries(counts).filter(([, number]) => number > 0);
  return { ...(superseded.length > 0 && { superseded }), ...Object.fromEntries(found) };
}
