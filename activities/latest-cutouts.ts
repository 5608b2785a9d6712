import type { Channel } from '../model/channel.js';
import { CUTOUT_NAMES, type Cutouts } from '../model/cutouts.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';

/** Image stamps of one alert of an object. */
export interface LatestCutouts {
  readonly alertId: string;
  /** Event time (Julian date). */
  readonly jd: number;
  readonly cutouts: Cutouts;
}

/** More than a channel's present rights can hide one after the other. */
const MOST_LOOKED_AT = 20;

/**
 * The newest image stamps of an object up to an event time that are kept for a channel and that it may see; undefined where there
 * are none, or none any more.
 */
export async function latestCutouts(
  store: Store,
  { name, access }: Pick<Channel, 'name' | 'access'>,
  stock: string,
  untilJd: number,
): Promise<LatestCutouts | undefined> {
  const kept = store.cutouts
    .find({ stock, channels: name, jd: { $lte: untilJd } })
    .sort({ jd: -1 })
    .limit(MOST_LOOKED_AT);
  for await (const { survey, tags, alertId, jd, stamps } of kept) {
    if (!surveyNamed(survey).maySee(tags, access)) continue;
    const cutouts = CUTOUT_NAMES.flatMap((stamp) => {
      const packed = stamps[stamp];
      return packed === undefined ? [] : [[stamp, packed.buffer] as const];
    });
    return { alertId, jd, cutouts: Object.fromEntries(cutouts) };
  }
  return undefined;
}
