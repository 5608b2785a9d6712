import type { Channel } from '../model/channel.js';
import type { Datapoint } from '../model/datapoint.js';
import { datapointKeys, type StateDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';
import type { ReadyChannel } from './channel-revisions.js';

/** A state that an accepted alert led to. */
export interface AcceptedState {
  readonly sequence: number;
  readonly link: string;
}

interface Entry extends AcceptedState {
  readonly channelHash: string;
}

/** The states in which the channel has accepted an object, in order: those of which this revision of it may see all. */
export async function readAccepted(
  store: Store,
  { survey, stock }: { readonly survey: string; readonly stock: string },
  { channel, hash }: ReadyChannel,
): Promise<AcceptedState[]> {
  const entries = await store.journal
    .find({ stock, tier: 't0', channel: channel.name, outcome: 'accepted' })
    .sort({ sequence: 1 })
    .project<Entry>({ channelHash: 1, link: 1, sequence: 1 })
    .toArray();
  const earlier = entries.filter(({ channelHash }) => channelHash !== hash);
  if (earlier.length === 0) return entries;
  const keys = [...new Set(earlier.map(({ link }) => `${stock}:${link}`))];
  const states = [...(await store.grouped.states.read(keys)).values()].flat();
  const datapoints = await store.grouped.datapoints.read([
    ...new Set(states.flatMap((state) => datapointKeys(state, survey))),
  ]);
  const visible = new Set(
    states.filter((state) => isVisible(state, survey, datapoints, channel)).map(({ link }) => link),
  );
  return entries.filter(({ channelHash, link }) => channelHash === hash || visible.has(link));
}

/** True where a channel may see every point of a state of an object of `survey`: an earlier revision may have seen more. */
export function isVisible(
  state: StateDocument,
  survey: string,
  datapoints: ReadonlyMap<string, Pick<Datapoint, 'tags'>>,
  { access }: Pick<Channel, 'access'>,
): boolean {
  return datapointKeys(state, survey).every((key) => {
    const point = datapoints.get(key);
    return point !== undefined && surveyNamed(key.slice(0, key.indexOf(':'))).maySee(point.tags, access);
  });
}
