import type { Datapoint, Fields, FieldValue } from '../../model/datapoint.js';
import { bodyOf } from './bodies.js';
import { byTodaysNames } from './field-names.js';
import { datapointId, lsstTags } from './identity.js';
import { fieldValue, inPart, numberField, recordPart, type PacketRecord } from './packet-fields.js';
import { jdOfMjdTai } from './tai-time.js';

/** Of what is known of an object without saying since when (ELAsTiCC): MJD 0, before all alerts. */
export const NO_TIME_JD = 2_400_000.5;
/** When the object was last seen, by version of the schema: 5.0 to 7.4, since 8.0. */
const TIMES = ['radecMjdTai', 'lastDiaSourceMjdTai'];

/** What the alert knows of its object, as AMPEL keeps it. Throws `Unreadable`. */
export function objectPoint(root: PacketRecord, alertJd: number): Datapoint {
  return inPart('diaObject', () => {
    const record = byTodaysNames(recordPart(root['diaObject'], 'diaObject'));
    return pointOf(bodyOf('OBJ', record), lsstTags('OBJ'), objectJd(record, alertJd));
  });
}

/** What the alert knows of its solar-system object: of the object or its orbit, and of the orbit at this source. */
export function solarSystemPoints(root: PacketRecord, alertJd: number): Datapoint[] {
  return ['ssObject', 'ssSource', 'MPCORB', 'mpc_orbits'].flatMap((part) => {
    const record = root[part];
    if (record === null || record === undefined) return [];
    return inPart(part, () => {
      const body = wholeBody(recordPart(record, part));
      return [pointOf(body, ['LSST', `LSST_${part.toUpperCase()}`], part === 'ssSource' ? alertJd : NO_TIME_JD)];
    });
  });
}

/**
 * The time of an object is its own, whichever alert brings it: so states are the same in whatever order alerts come. But
 * an object is known to the alert that it comes with, even where a rounded time says otherwise.
 */
function objectJd(record: PacketRecord, alertJd: number): number {
  for (const name of TIMES) {
    const mjdTai = numberField(record, name);
    if (mjdTai !== null && Number.isFinite(mjdTai)) return Math.min(jdOfMjdTai(mjdTai), alertJd);
  }
  return NO_TIME_JD;
}

/** `mpc_orb_jsonb` is the same once more, in JSON. */
function wholeBody(record: PacketRecord): Fields {
  const body: Record<string, FieldValue> = {};
  for (const name of Object.keys(record)) {
    if (name !== 'mpc_orb_jsonb') body[name] = fieldValue(name, record[name]);
  }
  return body;
}

function pointOf(body: Fields, tags: readonly string[], jd: number): Datapoint {
  return { id: datapointId(body), kind: 'object', jd, band: '', tags, body };
}
