import { containerItems } from '../../streams/avro/container-records.js';
import { SchemaCache } from '../../streams/avro/schema-cache.js';
import { writeNightTar } from '../../streams/simulation/night-tar.js';
import { simulateSurvey, type Night, type SimulatedAlert } from '../../streams/simulation/survey.js';
import { surveyNamed } from '../../streams/surveys.js';
import { isWanted, WANTED, type Sighting } from './score.js';

export interface NightsOptions {
  readonly nights: number;
  readonly seed: number;
  readonly alertsPerNight: number;
}

/** Nights that were simulated and written. */
export interface SimulatedNights {
  /** A tar for each night with alerts. */
  readonly paths: readonly string[];
  readonly alerts: number;
  readonly sightings: readonly Sighting[];
}

/** The public survey returns to a field every second night since December 2020. */
const CADENCE_DAYS = 2;

/**
 * Writes the alerts of a simulated survey to `folder` and notes what each object is and what is seen of it. `onAlert` is
 * told how many are written. Throws `RangeError` on options that make no sense.
 */
export async function simulateNights(
  options: NightsOptions,
  folder: string,
  onAlert: (written: number) => void,
): Promise<SimulatedNights> {
  const paths: string[] = [];
  const sightings = new Map<string, Sighting>();
  let alerts = 0;
  for (const night of observedNights(options, sightings)) {
    const before = alerts;
    paths.push(
      await writeNightTar(folder, night, {
        onAlert: (written) => {
          onAlert(before + written);
        },
      }),
    );
    alerts += night.alertCount;
  }
  return { paths, alerts, sightings: [...sightings.values()] };
}

/**
 * The nights with alerts, made as they are asked for; each alert is noted in `sightings` (by object) as it passes. Throws
 * `RangeError` on options that make no sense.
 */
export function* observedNights(
  options: NightsOptions,
  sightings: Map<string, Sighting>,
): Generator<Night, void, undefined> {
  let beginJd: number | undefined;
  for (const night of simulateSurvey({ ...options, cadenceDays: CADENCE_DAYS, cutouts: WANTED })) {
    beginJd ??= night.jdStart;
    // Lost to weather.
    if (night.alertCount === 0) continue;
    for (const { objectId, class: kind } of night.truth) {
      sightings.set(objectId, { objectId, class: kind, alerts: 0, isNew: false });
    }
    yield observedNight(night, beginJd, sightings);
  }
}

/** A night before it is made: one of a survey's list of nights. */
export type PlannedNight = Pick<Night, 'date' | 'alertCount'>;

/** Which nights `observedNights` will have; takes a tenth of the time that their alerts take. Throws `RangeError` too. */
export function planNights(options: NightsOptions): PlannedNight[] {
  return Array.from(observedNights(options, new Map()), ({ date, alertCount }) => ({ date, alertCount }));
}

/** The night, with each alert noted as it passes. */
function observedNight(night: Night, beginJd: number, sightings: Map<string, Sighting>): Night {
  function* alerts(): Generator<SimulatedAlert> {
    for (const alert of night.alerts) {
      const seen = sightings.get(alert.objectId);
      if (seen !== undefined) sightings.set(alert.objectId, seenAgain(seen, alert, beginJd));
      yield alert;
    }
  }
  return { ...night, alerts: alerts() };
}

function seenAgain(seen: Sighting, { packet }: SimulatedAlert, beginJd: number): Sighting {
  const isFirst = seen.alerts === 0;
  // Only of a transient it matters, and reading all packets would take as long as screening them.
  const isNew = isFirst && isWanted(seen.class) ? firstDetectionJd(packet) >= beginJd : seen.isNew;
  return { ...seen, alerts: seen.alerts + 1, isNew };
}

const schemas = new SchemaCache();
const readAlert = surveyNamed('ztf').screenReader({ candidate: ['jdstarthist'], history: [] });

/** When the object of an alert was first detected (JD), as its packet says; NaN where it does not. */
function firstDetectionJd(packet: Buffer): number {
  for (const item of containerItems(packet, schemas)) {
    if ('problem' in item) continue;
    return Number(
      readAlert({ partition: 'archive', offset: 0, place: '', ...item }).view(['ZTF_PUB'])?.candidate['jdstarthist'],
    );
  }
  return NaN;
}
