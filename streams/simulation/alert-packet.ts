import { candidateFields, type Trigger } from './candidate-fields.js';
import { cutoutsOf } from './cutouts.js';
import { measuredFields } from './measured-fields.js';
import { ALERT_SNR, measure } from './measurement.js';
import type { Survey } from './options.js';
import { encodeCutouts, encodeHead, encodeHistoryEntry, type PacketParts } from './packet-encoding.js';
import { SCHEMA_VERSION } from './packet-schema.js';
import { quadrantFields } from './quadrant-fields.js';
import type { Exposure, Schedule } from './schedule.js';
import type { Source } from './source.js';

/** ZTF's packets reach this far back. */
export const HISTORY_DAYS = 30;

/** The alert packet of a detection, and its id. */
export interface AlertPacket extends PacketParts {
  /** Decimal digits: above 2^53. */
  readonly candid: string;
}

const PUBLISHER = 'Simulated survey in the form of ZTF (www.ztf.caltech.edu)';
const NO_CUTOUTS = encodeCutouts({ cutoutScience: null, cutoutTemplate: null, cutoutDifference: null });

/** Encodes the alert of a detection: measured now, and again in each exposure that its history shows. */
export function alertPacket({ seed, cutouts }: Survey, schedule: Schedule, trigger: Trigger): AlertPacket {
  const { source, exposure } = trigger;
  const candidate = candidateFields(seed, trigger);
  const { candid } = candidate.detection;
  return {
    candid,
    head: encodeHead({ schemavsn: SCHEMA_VERSION, publisher: PUBLISHER, objectId: source.objectId, candid, candidate }),
    history: schedule
      .visits(source.field, exposure.jd - HISTORY_DAYS, exposure.jd)
      .map((earlier) => historyEntry(seed, source, earlier)),
    cutouts: cutouts.includes(source.kind) ? cutoutsOf(seed, trigger) : NO_CUTOUTS,
  };
}

function historyEntry(seed: number, source: Source, exposure: Exposure): Buffer {
  const measurement = measure(seed, source, exposure);
  if (measurement.snr < ALERT_SNR) return quadrantFields(exposure, source.place.rcid).upperLimit;
  return encodeHistoryEntry(measuredFields(source, measurement));
}
