import { brightnessOf } from '../model/brightness.js';
import { positionOf } from '../model/object-position.js';
import type { SelectedObject } from '../model/population.js';
import { resultsByUnit, type StateToView, type StateView } from './state-view.js';

/** An object that a run looks at, with the state that speaks for it. */
export interface Candidate extends StateToView {
  readonly objectId: string;
  /** The alert that made the state, and its event time. */
  readonly alertId: string;
  readonly jd: number;
  /** Event time of the channel's first accepted alert of the object. */
  readonly firstAcceptedJd: number;
}

/** What is told of an object, as far as the channel may see it. `position` is for a state that has none of its own. */
export function selectedObject(
  { stock, objectId, firstAcceptedJd }: Candidate,
  { datapoints, results }: StateView,
  position: SelectedObject['position'],
): SelectedObject {
  const detections = datapoints.filter(({ kind }) => kind === 'detection');
  const last = detections.at(-1);
  const mag = last && brightnessOf(last)?.mag;
  return {
    ...{ objectId, stock, firstAcceptedJd, position: positionOf(datapoints) ?? position },
    ...(last !== undefined && {
      lastDetection: { jd: last.jd, band: last.band, ...(mag !== undefined && { mag }) },
    }),
    detections: detections.length,
    upperLimits: datapoints.filter(({ kind }) => kind === 'upperLimit').length,
    results: resultsByUnit(results),
  };
}
