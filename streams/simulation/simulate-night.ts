import type { SurveyOptions } from './options.js';
import { defaultCount } from './recipes.js';
import { simulateSurvey, type Night } from './survey.js';
import type { Kind } from './truth.js';

export interface NightOptions extends Pick<SurveyOptions, 'seed' | 'startJd' | 'fields' | 'cutouts'> {
  /** Exactly so many; some thousand are a mix that can be told from another. */
  readonly alerts: number;
  /**
   * Share that AMPEL's HU_RAPID configuration of DecentFilter accepts, from 0.005 to 0.05: there are as many
   * young supernovae as it takes; default 0.01. The wish is met within a fifth or so.
   */
  readonly acceptedFraction?: number;
}

const TRANSIENTS: readonly Kind[] = ['SN Ia', 'SN II', 'SN Ibc', 'TDE'];
/** In the default mix: the share of transients, and the shares of all alerts that are accepted, of transients and of others. */
const MIX = { transients: 0.133, acceptedTransients: 0.0118, acceptedOthers: 0.003 } as const;
const CADENCE_DAYS = 3;
/** Wanted beyond the number asked for, so that chance leaves enough to cut off. */
const RESERVE = 1.15;

/** One big clear night, as a load for the ingest. Throws `RangeError` where the options make no sense. */
export function simulateNight({ alerts, acceptedFraction = 0.01, ...options }: NightOptions): Night {
  if (!(acceptedFraction >= 0.005 && acceptedFraction <= 0.05)) {
    throw new RangeError(`acceptedFraction is ${acceptedFraction}, expected 0.005 to 0.05`);
  }
  // More transients are more alerts too: accepted and all, as functions of their number, have this ratio.
  const transients =
    ((1 - MIX.transients) * acceptedFraction - MIX.acceptedOthers) /
    (MIX.acceptedTransients - MIX.transients * acceptedFraction);
  const wanted = Math.ceil((alerts * RESERVE) / (1 - MIX.transients + MIX.transients * transients)) + 20;
  const objects = Object.fromEntries(
    TRANSIENTS.map((kind) => [kind, transients * defaultCount(kind, wanted, CADENCE_DAYS)]),
  );
  const survey = { ...options, objects, nights: 1, weather: false, cadenceDays: CADENCE_DAYS };
  for (const night of simulateSurvey({ ...survey, alertsPerNight: wanted, mostAlertsPerNight: alerts })) return night;
  throw new Error('a survey of one night has one');
}
