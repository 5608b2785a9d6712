import { latestCutouts } from '../activities/latest-cutouts.js';
import type { Channel } from '../model/channel.js';
import { cutoutsSvg } from '../plots/cutouts.js';
import { BadFits } from '../plots/fits-image.js';
import type { Cutouts } from '../model/cutouts.js';
import type { Datapoint } from '../model/datapoint.js';
import { nightOfJd } from '../model/julian-date.js';
import type { ModelCurve } from '../plots/light-curve-curves.js';
import { datapointOf, RESULT_CODE, type StockDocument } from '../store/documents.js';
import { readObjectStory, type ObjectStory } from '../store/object-story.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';
import { modelCurves } from '../units/model-curves.js';
import { loadRegistry } from '../units/registry.js';
import { viewOf } from './channel-view.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { readAlerts, type ReadCounts } from './read-alerts.js';
import { requireStock, storedChannel } from './stored-object.js';
import { withStore } from './with-services.js';

/** What is drawn of one object. */
export interface PlottedObject {
  readonly name: string;
  readonly datapoints: readonly Datapoint[];
  /** Ids of the points to be ringed. */
  readonly used?: readonly string[];
  /** Fits of the channel's units. */
  readonly curves?: readonly ModelCurve[];
  readonly stamps?: Stamps;
  /** Of the alerts that it was read from. */
  readonly counts?: ReadCounts;
}

/** Stamps of one alert. */
export interface Stamps {
  readonly alertId: string;
  readonly jd: number;
  /** Where its packet stands, for messages. */
  readonly place: string;
  readonly cutouts: Cutouts;
}

type PointOf = Datapoint & { readonly survey: string };

export interface StoredOptions {
  readonly channel?: string;
  /** Link of a state. */
  readonly state?: string;
  /** With the image stamps that are kept for the channel. */
  readonly cutouts: boolean;
}

/** The object as it is stored; with a channel, as far as that may see it; with a state, which points are in it. */
export function storedObject(
  name: string,
  { channel: channelName, state: link, cutouts }: StoredOptions,
): Promise<PlottedObject> {
  return withStore(async (store) => {
    const channel = channelName === undefined ? undefined : await storedChannel(store, channelName);
    const whole = await readObjectStory(store, await requireStock(store, name));
    const story = channel === undefined ? whole : await viewOf(store, whole, channel);
    const { stock, datapoints, states } = story;
    const stamps = cutouts && channel !== undefined ? await keptStamps(store, channel, stock) : undefined;
    const curves = channel === undefined ? [] : await fittedCurves(story, link);
    const object = {
      ...{ name: stock.names.join(', '), datapoints: newest(datapoints) },
      ...{ ...(stamps && { stamps }), ...(curves.length > 0 && { curves }) },
    };
    if (link === undefined) return object;
    const state = states.find((one) => one.link === link);
    if (state === undefined) {
      const ofWhom = channelName === undefined ? '' : ` of ${channelName}`;
      const view = channelName === undefined ? '' : ` --channel ${channelName}`;
      throw new CliError(
        `${name} has no state ${link}${ofWhom}`,
        2,
        `"ampel transient show ${name}${view}" lists what there is.`,
      );
    }
    return {
      ...object,
      used: [...state.datapoints, ...(state.matched ?? []).flatMap((matched) => matched.datapoints)],
    };
  });
}

async function keptStamps(store: Store, channel: Channel, { _id, names }: StockDocument): Promise<Stamps> {
  const latest = await latestCutouts(store, channel, _id, Infinity);
  if (latest !== undefined) return { ...latest, place: `the stamps of alert ${latest.alertId}` };
  const [name = _id] = names;
  const hint =
    '"keep: { cutouts: 30 d }" in the file of the channel keeps those of alerts that it accepts from then on.';
  throw new CliError(`No image stamps of ${name} are kept for ${channel.name}`, 2, hint);
}

/** What units have fitted to a state, or to the newest one. */
async function fittedCurves({ states, results, datapoints }: ObjectStory, link?: string): Promise<ModelCurve[]> {
  const state = link === undefined ? states.at(-1) : states.find((one) => one.link === link);
  const own = results.filter((result) => result.code === RESULT_CODE.ok && result.link === state?.link);
  return modelCurves(await loadRegistry(), own, datapoints.map(datapointOf));
}

export interface PacketOptions {
  /** The one to draw of several. */
  readonly object?: string;
  readonly cutouts: boolean;
  readonly schemas?: string;
}

const MOST_NAMED = 5;

/** The one object that some packets are of. Throws `CliError` where there are several, or none. */
export async function objectOfPackets(
  paths: readonly string[],
  { object, cutouts, schemas }: PacketOptions,
): Promise<PlottedObject> {
  const points = new Map<string, PointOf>();
  const others = new Set<string>();
  let name = object;
  let stamps: Stamps | undefined;
  const options = { showsProgress: true, ...(schemas !== undefined && { schemas }) };
  const counts = await readAlerts(paths, options, (packet, survey) => {
    const alert = survey.readAlert(packet);
    name ??= alert.objectId;
    if (alert.objectId !== name) {
      others.add(alert.objectId);
      return;
    }
    for (const point of alert.datapoints) {
      const key = `${survey.name}:${point.id}`;
      if (!points.has(key)) points.set(key, { ...point, survey: survey.name });
    }
    if (!cutouts || alert.jd < (stamps?.jd ?? -Infinity)) return;
    const found = survey.readCutouts(packet);
    if (Object.keys(found).length === 0) return;
    stamps = { alertId: alert.alertId, jd: alert.jd, place: packet.place, cutouts: found };
  });
  const named = [...others].slice(0, MOST_NAMED).join(', ');
  if (name === undefined || points.size === 0) {
    throw new CliError(`There are no alerts of ${name ?? 'any object'}`, 2, `There are those of ${named}.`);
  }
  if (object === undefined && others.size > 0) {
    const message = `the alerts are of ${counted(others.size + 1, 'object')}: ${name}, ${named}${others.size > MOST_NAMED ? ', …' : ''}`;
    throw new CliError(message, 2, `Choose one: --object ${name}`);
  }
  if (cutouts && stamps === undefined) {
    throw new CliError(`No alert of ${name} has image stamps`, 2, 'Leave --cutouts out for the light curve alone.');
  }
  return { name, datapoints: newest([...points.values()]), counts, ...(stamps && { stamps }) };
}

/** Without points that a later processing replaced. */
function newest(points: readonly PointOf[]): Datapoint[] {
  const surveys = [...new Set(points.map(({ survey }) => survey))];
  return surveys.flatMap((survey) =>
    surveyNamed(survey).stateMembers(
      points.filter((point) => point.survey === survey),
      Infinity,
      true,
    ),
  );
}

/** The picture of an alert's stamps. Throws `CliError` where they are no images. */
export function stampsSvg({ alertId, jd, place, cutouts }: Stamps): string {
  try {
    return cutoutsSvg({ title: `alert ${alertId}, ${nightOfJd(jd)}`, cutouts });
  } catch (error) {
    if (!(error instanceof BadFits)) throw error;
    throw new CliError(`${place}: ${error.message}`, 2, 'Leave --cutouts out for the light curve alone.');
  }
}
