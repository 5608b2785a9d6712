import { candidateFields, type CandidateFields, type Trigger } from './candidate-fields.js';
import { measuredFields } from './measured-fields.js';
import { ALERT_SNR, measure } from './measurement.js';
import { SCHEMA_VERSION } from './packet-schema.js';
import { quadrantFields } from './quadrant-fields.js';
import type { Exposure, Schedule } from './schedule.js';
import type { Source } from './source.js';

/** An image stamp, as bytes of a gzipped FITS file. */
export interface Cutout {
  readonly fileName: string;
  readonly stampData: Buffer;
}

/** An alert packet in the grouped form of its schema. */
export interface AlertPacket {
  readonly schemavsn: string;
  readonly publisher: string;
  readonly objectId: string;
  readonly candid: string;
  readonly candidate: CandidateFields;
  readonly prv_candidates: readonly object[] | null;
  readonly cutoutScience: Cutout | null;
  readonly cutoutTemplate: Cutout | null;
  readonly cutoutDifference: Cutout | null;
}

/** ZTF's packets reach this far back. */
export const HISTORY_DAYS = 30;

/** The alert packet of a detection, without cutouts. */
export function alertPacket(seed: number, schedule: Schedule, trigger: Trigger): AlertPacket {
  const { source, exposure } = trigger;
  const candidate = candidateFields(seed, trigger);
  const history = schedule
    .visits(source.field, exposure.jd - HISTORY_DAYS, exposure.jd)
    .map((earlier) => historyFields(seed, source, earlier));
  return {
    schemavsn: SCHEMA_VERSION,
    publisher: 'Simulated survey in the form of ZTF (www.ztf.caltech.edu)',
    objectId: source.objectId,
    candid: candidate.detection.candid,
    candidate,
    prv_candidates: history.length === 0 ? null : history,
    cutoutScience: null,
    cutoutTemplate: null,
    cutoutDifference: null,
  };
}

function historyFields(seed: number, source: Source, exposure: Exposure): object {
  const measurement = measure(seed, source, exposure);
  if (measurement.snr < ALERT_SNR) return quadrantFields(exposure, source.place.rcid).upperLimit;
  return measuredFields(source, measurement);
}
