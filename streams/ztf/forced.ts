import type { Datapoint, FieldValue } from '../../model/datapoint.js';
import { bodyHash } from '../body-hash.js';
import { fieldValue, type PacketRecord } from './packet-fields.js';

/** ZTF writes this for a flux that could not be measured. */
const UNMEASURED = -99_999;
/** Integers in ZTF's schema of forced photometry. */
const INTEGERS = new Set(['field', 'rcid', 'fid', 'pid', 'rfid', 'programid']);

/**
 * A measurement at the object's place in an exposure without a detection (`fp_hists`, schema 4.01 on): the difference flux
 * `forcediffimflux` with its error in detector units (DN), on the magnitude zero point `magzpsci`. Undefined where the
 * flux was not measured. Its id is made as AMPEL's of forced photometry: the hash of its fields.
 */
export function shapeForced(
  record: PacketRecord,
  exposure: Pick<Datapoint, 'jd' | 'band' | 'tags'>,
): Datapoint | undefined {
  const flux = fieldValue('forcediffimflux', record['forcediffimflux']);
  if (typeof flux !== 'number' || Number.isNaN(flux) || flux <= UNMEASURED) return undefined;
  const body: Record<string, FieldValue> = {};
  for (const name of Object.keys(record)) body[name] = fieldValue(name, record[name]);
  const [survey = 'ZTF', ...others] = exposure.tags;
  return { id: bodyHash(body, INTEGERS), kind: 'forced', ...exposure, tags: [survey, 'ZTF_FP', ...others], body };
}
