import type { Alert } from '../../model/alert.js';
import type { Datapoint, Fields, FieldValue } from '../../model/datapoint.js';
import { stockOfZtfName } from '../../model/ztf-name.js';
import { Unreadable } from '../avro/unreadable.js';
import { shapeForced } from './forced.js';
import { bandOfFid, rcidOfPid, upperLimitId, ztfTags } from './identity.js';
import {
  boundedField,
  fieldValue,
  idField,
  recordList,
  recordPart,
  textField,
  type PacketRecord,
} from './packet-fields.js';

/** From 1990 to 2099: wide enough for any survey clock, narrow enough to catch MJD in place of JD. */
export const JD_BOUNDS = [2_447_892, 2_488_434] as const;

/** The id of a limit has room for five digits of millimagnitudes. */
const FAINTEST_LIMIT = 99;

/** Shapes a decoded packet as AMPEL's supplier and shaper do. Throws `Unreadable`. */
export function shapeAlert(packet: unknown): Alert {
  const root = recordPart(packet, 'alert record');
  const { objectId, stock } = objectOf(root);
  const candidate = recordPart(root['candidate'], 'candidate');
  const alertId = idField(root, 'candid');
  const jd = boundedField(candidate, 'jd', ...JD_BOUNDS);
  const position = {
    ra: boundedField(candidate, 'ra', 0, 360),
    dec: boundedField(candidate, 'dec', -90, 90),
  };
  const history = recordList(root['prv_candidates'], 'prv_candidates');
  const forced = recordList(root['fp_hists'], 'fp_hists');
  const detection = shapeDetection({
    ...candidate,
    candid: candidate['candid'] ?? alertId,
  });
  return {
    survey: 'ztf',
    alertId,
    objectId,
    stock,
    jd,
    position,
    candidate: { ...detection.body, candid: detection.id },
    datapoints: [
      detection,
      ...entries('prv_candidates', history, shapeHistory),
      ...entries('fp_hists', forced, shapeFlux),
    ],
  };
}

/** Longer than any name, so that a message has an end. */
const SHOWN_LETTERS = 60;
const UNPRINTABLE = /[^ -~]/g;

/** The object of an alert: its name and the number that is made of it. Throws `Unreadable`. */
export function objectOf(root: PacketRecord): { readonly objectId: string; readonly stock: string } {
  const objectId = textField(root, 'objectId').slice(0, SHOWN_LETTERS).replace(UNPRINTABLE, '?');
  try {
    return { objectId, stock: String(stockOfZtfName(objectId)) };
  } catch (error) {
    throw new Unreadable('absurd-field', `objectId ${error instanceof Error ? error.message : String(error)}`);
  }
}

function entries(
  part: string,
  records: readonly PacketRecord[],
  shape: (record: PacketRecord) => Datapoint[],
): Datapoint[] {
  return records.flatMap((record, index) => {
    try {
      return shape(record);
    } catch (error) {
      if (error instanceof Unreadable) throw new Unreadable(error.kind, `${part}[${index}]: ${error.message}`);
      throw error;
    }
  });
}

function shapeFlux(record: PacketRecord): Datapoint[] {
  return [shapeForced(record, exposure(record))].filter((point) => point !== undefined);
}

function shapeHistory(record: PacketRecord): Datapoint[] {
  if (record['candid'] !== null && record['candid'] !== undefined) return [shapeDetection(record)];
  const diffmaglim = fieldValue('diffmaglim', record['diffmaglim']);
  // ZTF marks a limit that could not be measured with a negative magnitude; AMPEL's supplier drops it.
  if (diffmaglim === null || !(Number(diffmaglim) >= 0)) return [];
  return [shapeUpperLimit(record, boundedField(record, 'diffmaglim', 0, FAINTEST_LIMIT))];
}

function shapeDetection(record: PacketRecord): Datapoint {
  const body: Record<string, FieldValue> = {};
  for (const name of Object.keys(record)) {
    const value = record[name];
    // Nearly all fields are numbers, and this runs for every point of every accepted alert.
    if (typeof value === 'number') body[name] = value;
    else if (name === 'pdiffimfilename') body[name] = fileNameOf(value);
    else if (name !== 'candid' && name !== 'programpi') body[name] = fieldValue(name, value);
  }
  return {
    id: idField(record, 'candid'),
    kind: 'detection',
    ...exposure(record),
    body,
  };
}

function shapeUpperLimit(record: PacketRecord, diffmaglim: number): Datapoint {
  const common = exposure(record);
  const rcid = rcidOfPid(boundedField(record, 'pid', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
  const body: Fields = {
    jd: common.jd,
    diffmaglim,
    rcid,
    fid: fieldValue('fid', record['fid']),
    programid: fieldValue('programid', record['programid']),
  };
  return {
    id: upperLimitId(common.jd, rcid, diffmaglim),
    kind: 'upperLimit',
    ...common,
    body,
  };
}

function exposure(record: PacketRecord): Pick<Datapoint, 'jd' | 'band' | 'tags'> {
  const fid = boundedField(record, 'fid', 1, 3);
  const programid = fieldValue('programid', record['programid']);
  const band = bandOfFid(fid);
  if (band === undefined) throw new Unreadable('absurd-field', `fid is ${fid}, expected 1, 2 or 3`);
  return {
    jd: boundedField(record, 'jd', ...JD_BOUNDS),
    band,
    tags: ztfTags(typeof programid === 'number' ? programid : undefined, band),
  };
}

/** AMPEL keeps the file's name and drops the folder. */
function fileNameOf(path: unknown): FieldValue {
  return typeof path === 'string' ? path.slice(path.lastIndexOf('/') + 1) : null;
}
