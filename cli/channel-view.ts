import { isOfView } from '../activities/t2-work.js';
import type { Channel } from '../model/channel.js';
import { positionOf } from '../model/object-position.js';
import { datapointKeys, type ResultDocument } from '../store/documents.js';
import type { ObjectStory } from '../store/object-story.js';
import { surveyNamed } from '../streams/surveys.js';

/** Of what is stored of an object, what one channel may see and what it did itself: all that its people should be shown. */
export function channelView(story: ObjectStory, channel: Pick<Channel, 'name' | 'access' | 't1'>): ObjectStory {
  const { name, access } = channel;
  const { stock, results, states, reactions, journal } = story;
  const datapoints = story.datapoints.filter(({ survey, tags }) => surveyNamed(survey).maySee(tags, access));
  const visible = new Set(datapoints.map(({ _id }) => _id));
  const alerts = story.alerts.filter(({ survey, alertId, datapoints: [candidate = alertId] }) =>
    visible.has(`${survey}:${candidate}`),
  );
  const own = datapoints.filter(({ survey }) => survey === stock.survey);
  const jds = own.map(({ jd }) => jd);
  // An earlier revision of the channel may have seen more.
  const ownStates = states.filter(
    (state) => state.channels.includes(name) && datapointKeys(state, stock.survey).every((key) => visible.has(key)),
  );
  const links = new Set(ownStates.map(({ link }) => link));
  const byKey = new Map(results.map((result) => [result._id, result]));
  const isVisible = (result: ResultDocument): boolean => {
    // What it was made from, too.
    const built = (result.needed ?? []).flatMap((key) => byKey.get(key) ?? []);
    if (!built.every((one) => isVisible(one))) return false;
    if (result.kind === 'stock') return isOfView(result, channel);
    if (result.kind === 'datapoint') return datapoints.some(({ id }) => id === result.link);
    return links.has(result.link);
  };
  const { follows, channels, ...known } = stock;
  return {
    stock: {
      ...known,
      position: positionOf(own) ?? stock.position,
      ...(jds.length > 0 && { firstSeenJd: Math.min(...jds), lastSeenJd: Math.max(...jds) }),
      ...(follows?.[name] && { follows: { [name]: follows[name] } }),
      ...(channels?.[name] && { channels: { [name]: channels[name] } }),
    },
    datapoints,
    alerts: alerts.map((alert) => ({
      ...alert,
      datapoints: alert.datapoints.filter((id) => visible.has(`${alert.survey}:${id}`)),
    })),
    states: ownStates.map((one) => ({ ...one, channels: [name] })),
    results: results
      .filter((one) => one.channels.includes(name) && isVisible(one))
      .map((one) => ({ ...one, channels: [name] })),
    reactions: reactions.filter(({ channel }) => channel === name),
    journal: journal.filter(({ channel }) => channel.split(', ').includes(name)),
  };
}
