import { nightOfJd } from '../../model/julian-date.js';
import type { Channel } from '../../model/channel.js';
import type { Store } from '../../store/store.js';
import { readNight } from '../report/read-night.js';
import { writeReport } from '../report/write-report.js';

const MOST_CANDIDATES = 40;

/** Writes the report of the last night in which the channel accepted something; answers that night. */
export async function writeLastNight(store: Store, channel: Channel, file: string): Promise<string | undefined> {
  const last = await store.states.findOne({ channels: channel.name }, { sort: { jd: -1 } });
  if (last === null) return undefined;
  const night = nightOfJd(last.jd);
  const report = await readNight(store, { night, channel, most: MOST_CANDIDATES, onProgress: () => undefined });
  await writeReport(report, file);
  return night;
}
