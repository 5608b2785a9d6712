import type { Datapoint } from '../model/datapoint.js';
import { sortIds, stateLink } from '../model/state-link.js';
import type { AlertDocument } from '../store/documents.js';
import type { Survey } from '../streams/survey.js';

/** T1: what is known of an object at one alert, for a channel's data rights. */
export interface CombinedState {
  /** AMPEL's link, decimal string. */
  readonly link: string;
  /** Ids ascending, as the state is stored. */
  readonly ids: readonly string[];
  /** The points in order of time. */
  readonly datapoints: readonly Datapoint[];
}

/** Combines the known points of an object up to `alert`: AMPEL's multiplexer first, data rights after. */
export function combineState(
  survey: Survey,
  known: readonly Datapoint[],
  alert: Pick<AlertDocument, 'jd'>,
  access: readonly string[],
): CombinedState {
  const members = survey.stateMembers(known, alert.jd).filter(({ tags }) => survey.maySee(tags, access));
  return {
    link: String(stateLink(members.map(({ id }) => id))),
    ids: sortIds(members.map(({ id }) => id)),
    datapoints: inTime(members),
  };
}

/** Points in order of time, those of one exposure by id. */
export function inTime(datapoints: readonly Datapoint[]): Datapoint[] {
  return [...datapoints].sort((a, b) => a.jd - b.jd || (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}
