import type { Datapoint } from '../model/datapoint.js';
import { positionOf } from '../model/object-position.js';
import type { SelectedObject } from '../model/population.js';
import type { Store } from '../store/store.js';

/**
 * Position of a state (ICRS, deg). Of one without detections it is that of the alert, which the channel has accepted and so may
 * see: the object's own may be that of a point that it may not see.
 */
export async function statePosition(
  store: Store,
  { survey, alertId }: { readonly survey: string; readonly alertId: string },
  datapoints: readonly Pick<Datapoint, 'body'>[],
): Promise<SelectedObject['position']> {
  const own = positionOf(datapoints);
  if (own !== undefined) return own;
  const alert = await store.alerts.findOne({ _id: `${survey}:${alertId}` });
  const position = alert === null ? undefined : positionOf([{ body: alert.candidate }]);
  if (position === undefined) throw new Error(`alert ${survey}:${alertId} with its position is not in the store`);
  return position;
}
