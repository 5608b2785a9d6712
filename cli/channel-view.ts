import { isOfView } from '../activities/t2-work.js';
import type { Channel } from '../model/channel.js';
import { positionOf } from '../model/object-position.js';
import {
  datapointKeys,
  type JournalDocument,
  type LeftOut,
  type ResultDocument,
  type StockDocument,
} from '../store/documents.js';
import type { ObjectStory } from '../store/object-story.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';
import { CliError } from './cli-error.js';

/** So many digits of its hash name a revision. */
const SHORT_HASH = 12;

/**
 * Of what is stored of an object, what one channel may see and what it did itself: all that its people should be shown.
 * Undefined where it may see no detection of it. `revisions` are the channel's by the first digits of
 * their hash: one of before may have seen more.
 */
export function channelView(
  story: ObjectStory,
  channel: Pick<Channel, 'name' | 'access' | 't1'>,
  revisions: ReadonlyMap<string, Pick<Channel, 'access'>>,
): ObjectStory | undefined {
  const { name, access } = channel;
  const { stock, results, states, reactions, journal } = story;
  const datapoints = story.datapoints.filter(({ survey, tags }) => surveyNamed(survey).maySee(tags, access));
  const visible = new Set(datapoints.map(({ _id }) => _id));
  const alerts = story.alerts.filter(({ survey, alertId, datapoints: [candidate = alertId] }) =>
    visible.has(`${survey}:${candidate}`),
  );
  const own = datapoints.filter(({ survey }) => survey === stock.survey);
  const position = positionOf(own.filter(({ kind }) => kind === 'detection'));
  if (position === undefined) return undefined;
  const jds = own.map(({ jd }) => jd);
  // An earlier revision of the channel may have seen more.
  const ownStates = states.filter(
    (state) => state.channels.includes(name) && datapointKeys(state, stock.survey).every((key) => visible.has(key)),
  );
  const links = new Set(ownStates.map(({ link }) => link));
  const { follows, channels, ...known } = stock;
  return {
    stock: {
      ...known,
      position,
      ...{ firstSeenJd: Math.min(...jds), lastSeenJd: Math.max(...jds) },
      ...(follows?.[name] && { follows: { [name]: follows[name] } }),
      ...(channels?.[name] && { channels: { [name]: channels[name] } }),
    },
    datapoints,
    alerts: alerts.map((alert) => ({
      ...alert,
      datapoints: alert.datapoints.filter((id) => visible.has(`${alert.survey}:${id}`)),
    })),
    states: ownStates.map((one) => ({ ...one, channels: [name] })),
    results: ownResults(results, channel, { points: new Set(datapoints.map(({ id }) => id)), links }),
    reactions: reactions.filter((one) => one.channel === name && links.has(one.link)),
    journal: ownEntries(journal, channel, revisions, {
      alerts: new Set(alerts.map(({ alertId }) => alertId)),
      links,
    }).map(({ leftOut, ...entry }) => ({
      ...entry,
      ...(leftOut && { leftOut: visiblePart(leftOut, stock, visible) }),
    })),
  };
}

/** The channel's results of what it may see, made from results of such. */
function ownResults(
  results: readonly ResultDocument[],
  channel: Pick<Channel, 'name' | 'access' | 't1'>,
  visible: { readonly points: ReadonlySet<string>; readonly links: ReadonlySet<string> },
): ResultDocument[] {
  const byKey = new Map(results.map((result) => [result._id, result]));
  const isVisible = (result: ResultDocument): boolean => {
    const built = (result.needed ?? []).flatMap((key) => byKey.get(key) ?? []);
    if (!built.every((one) => isVisible(one))) return false;
    if (result.kind === 'stock') return isOfView(result, channel);
    return (result.kind === 'datapoint' ? visible.points : visible.links).has(result.link);
  };
  return results
    .filter((one) => one.channels.includes(channel.name) && isVisible(one))
    .map((one) => ({ ...one, channels: [channel.name] }));
}

/** What a revision decided that saw more may tell of it, but for states of which the present one sees all. */
function ownEntries(
  journal: readonly JournalDocument[],
  { name, access }: Pick<Channel, 'name' | 'access'>,
  revisions: ReadonlyMap<string, Pick<Channel, 'access'>>,
  visible: { readonly alerts: ReadonlySet<string>; readonly links: ReadonlySet<string> },
): JournalDocument[] {
  return journal.filter(({ channel: names, channelHash, alertId, link }) => {
    const index = names.split(', ').indexOf(name);
    if (index < 0 || !visible.alerts.has(alertId)) return false;
    const hash = channelHash.split(', ')[index] ?? '';
    const revision = revisions.get(hash.slice(hash.indexOf('@') + 1).slice(0, SHORT_HASH));
    const sawMore = revision?.access.some((tag) => !access.includes(tag)) !== false;
    return !sawMore || (link !== undefined && visible.links.has(link));
  });
}

/** The ids of superseded points of the object that may be seen; the numbers tell nothing of the others. */
function visiblePart(leftOut: LeftOut, { survey }: StockDocument, visible: ReadonlySet<string>): LeftOut {
  const { superseded, ...numbers } = leftOut;
  const seen = superseded?.filter((id) => visible.has(`${survey}:${id}`)) ?? [];
  return { ...numbers, ...(seen.length > 0 && { superseded: seen }) };
}

/** What one channel may see of a stored object. Throws `CliError` (wrong input) where that is nothing. */
export async function viewOf(store: Store, story: ObjectStory, channel: Channel): Promise<ObjectStory> {
  const configs = await store.configs.find({ 'channel.name': channel.name }).toArray();
  const revisions = new Map(configs.map((config) => [config._id.slice(0, SHORT_HASH), config.channel]));
  const view = channelView(story, channel, revisions);
  if (view !== undefined) return view;
  const [name = story.stock._id] = story.stock.names;
  throw new CliError(`${channel.name} may see no detection of ${name}`, 2, 'Without --channel everything is shown.');
}
