import { combineState } from '../activities/combine.js';
import type { Alert } from '../model/alert.js';
import type { Datapoint } from '../model/datapoint.js';
import type { Survey } from '../streams/survey.js';

/** One line of `ampel inspect --json`: ids are decimal strings, angles in degrees, times Julian dates. */
export interface InspectedAlert extends Omit<Alert, 'candidate' | 'datapoints'> {
  /** In packet order, the candidate first. */
  readonly datapoints: readonly Omit<Datapoint, 'body'>[];
  /** AMPEL's link of the state that this alert alone leads to, for who may see all points. */
  readonly state: string;
}

export function inspectedAlert(alert: Alert, survey: Survey): InspectedAlert {
  const { alertId, objectId, stock, jd, position, datapoints } = alert;
  return {
    ...{ survey: survey.name, alertId, objectId, stock, jd, position },
    datapoints: datapoints.map(({ id, kind, jd, band, tags }) => ({ id, kind, jd, band, tags })),
    state: combineState(survey, datapoints, alert, { access: survey.access }).link,
  };
}
