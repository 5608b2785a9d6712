import type { Fields } from '../../model/datapoint.js';
import { bodyHash } from '../body-hash.js';

/** Which part of a packet a datapoint is, as the last part of AMPEL's tag: source, forced source, object, limit. */
export type Part = 'DP' | 'FP' | 'OBJ' | 'ND';

/** Fields that are integers in Avro and so in AMPEL's BSON: a flux of 100.0 is a double there, a visit 100 is not. */
const INTEGERS = new Set(['visit', 'diaSourceId', 'diaForcedSourceId', 'diaObjectId', 'nDiaSources']);

/** AMPEL's id of a datapoint (ampel/lsst/ingest/LSSTDataPointShaper.py). Fluxes in nJy, positions in degrees. */
export function datapointId(body: Fields): string {
  return bodyHash(body, INTEGERS);
}

/** AMPEL's tags of a datapoint, in AMPEL's order: survey, band (an object has none), part of the packet. */
export function lsstTags(part: Part, band?: string): string[] {
  return ['LSST', ...(band === undefined ? [] : [`LSST_${band.toUpperCase()}`]), `LSST_${part}`];
}

/** The access tag of all data: alerts of LSST are public, and have no programme ids that could say otherwise. */
export const PUBLIC = 'LSST';

/** True where a channel with these access tags may see a point with these tags. */
export function maySee(tags: readonly string[], access: readonly string[]): boolean {
  return tags.includes(PUBLIC) && access.includes(PUBLIC);
}
