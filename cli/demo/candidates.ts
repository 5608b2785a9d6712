import { z } from 'zod';
import type { Datapoint } from '../../model/datapoint.js';
import { datapointOf, RESULT_CODE } from '../../store/documents.js';
import type { Store } from '../../store/store.js';

/** An object that the channel accepted, as its latest summary has it. */
export interface Candidate {
  readonly objectId: string;
  /** Of its latest state. */
  readonly link: string;
  readonly detections: number;
  /** Of the latest detection (mag). */
  readonly mag: number;
}

const summary = z.object({ num_detections: z.number(), magpsf: z.number() });

/** The accepted objects that most is known of: by number of detections, brightest first among equals. */
export async function bestCandidates(
  store: Store,
  channel: string,
  objects: readonly string[],
  count: number,
): Promise<Candidate[]> {
  const best = new Map<string, Candidate>();
  const summaries = store.results.find({
    ...{ unit: 'T2LightCurveSummary', channels: channel, code: RESULT_CODE.ok },
    objectId: { $in: [...objects] },
  });
  for await (const { objectId, link, body } of summaries) {
    const parsed = summary.safeParse(body);
    if (!parsed.success) continue;
    const { num_detections: detections, magpsf: mag } = parsed.data;
    if (detections > (best.get(objectId)?.detections ?? 0)) best.set(objectId, { objectId, link, detections, mag });
  }
  return [...best.values()].sort((a, b) => b.detections - a.detections || a.mag - b.mag).slice(0, count);
}

/** The datapoints of a candidate's latest state: what the channel may see of it. */
export async function lightCurveOf(store: Store, { objectId, link }: Candidate): Promise<Datapoint[]> {
  const state = await store.states.findOne({ objectId, link });
  if (state === null) return [];
  const points = store.datapoints.find({ objects: objectId, id: { $in: [...state.datapoints] } });
  return (await points.sort({ jd: 1 }).toArray()).map(datapointOf);
}
