import type { FilterInput } from '../../model/alert.js';
import type { Cutouts } from '../../model/cutouts.js';
import type { Fields } from '../../model/datapoint.js';
import { decodeWhole } from '../avro/whole-record.js';
import type { Selection, WriterSchema } from '../avro/writer-schema.js';
import type { Packet } from '../packet.js';
import type { FilterFields, ScreenedAlert, StoredContent, Survey } from '../survey.js';
import { maySee, ztfTags } from './identity.js';
import {
  boundedField,
  bytesPart,
  fieldValue,
  driftedFields,
  idField,
  recordList,
  recordPart,
  type PacketRecord,
} from './packet-fields.js';
import { JD_BOUNDS, objectOf, shapeAlert } from './shape.js';
import { stateMembers } from './state-members.js';

/** Everything but cutouts. */
const WHOLE_ALERT: Selection = {
  objectId: true,
  candid: true,
  candidate: true,
  prv_candidates: true,
  fp_hists: true,
};
const ALL_CUTOUTS: Selection = { cutoutScience: true, cutoutTemplate: true, cutoutDifference: true };
/** What the screen itself needs: identity, time, data rights and which points are limits. */
const SCREEN_CANDIDATE = ['candid', 'jd', 'programid'];
const SCREEN_HISTORY = ['candid', 'diffmaglim', 'programid'];

/** The Zwicky Transient Facility: packets of schema 1.3 to 4.02. */
export const ztf: Survey = {
  name: 'ztf',
  access: ['ZTF_PUB', 'ZTF_PRIV'],
  recognises: ({ rootFields }) => rootFields.includes('candidate') && rootFields.includes('candid'),
  readAlert: (packet) => shapeAlert(decodeWhole(packet.schema, packet.record, WHOLE_ALERT)),
  readCutouts,
  screenReader,
  filterInput: storedInput,
  stateMembers,
  maySee,
};

function readCutouts({ schema, record }: Packet): Cutouts {
  const root = recordPart(decodeWhole(schema, record, ALL_CUTOUTS), 'alert record');
  const stampOf = (name: string): Uint8Array | undefined => {
    const cutout = root[name] ?? undefined;
    return cutout === undefined ? undefined : bytesPart(recordPart(cutout, name)['stampData'], `${name}.stampData`);
  };
  const science = stampOf('cutoutScience');
  const template = stampOf('cutoutTemplate');
  const difference = stampOf('cutoutDifference');
  return { ...(science && { science }), ...(template && { template }), ...(difference && { difference }) };
}

function screenReader(fields: FilterFields): (packet: Packet) => ScreenedAlert {
  const selection: Selection = {
    objectId: true,
    candid: true,
    candidate: selectionOf([...SCREEN_CANDIDATE, ...fields.candidate]),
    prv_candidates: selectionOf([...SCREEN_HISTORY, ...fields.history]),
  };
  const drift = new WeakMap<WriterSchema, Drift>();
  return (packet) => {
    let drifted = drift.get(packet.schema);
    if (drifted === undefined) drift.set(packet.schema, (drifted = driftOf(packet.schema, fields)));
    const root = recordPart(decodeWhole(packet.schema, packet.record, selection), 'alert record');
    const candidate = recordPart(root['candidate'], 'candidate');
    const history = recordList(root['prv_candidates'], 'prv_candidates');
    normalise([candidate], drifted.candidate);
    normalise(history, drifted.history);
    const alertId = idField(root, 'candid');
    candidate['candid'] ??= alertId;
    const { objectId } = objectOf(root);
    return {
      alertId,
      objectId,
      jd: boundedField(candidate, 'jd', ...JD_BOUNDS),
      view: (access) => packetInput(objectId, candidate as Fields, history as readonly Fields[], access),
    };
  };
}

/** Selected fields that a writer schema gives another type than ZTF's; none in ZTF's own packets. */
interface Drift {
  readonly candidate: readonly string[];
  readonly history: readonly string[];
}

function driftOf(schema: WriterSchema, fields: FilterFields): Drift {
  const inPart = (part: string, selected: readonly string[]): string[] =>
    driftedFields(schema.fieldTypes(part)).filter((name) => selected.includes(name));
  return {
    candidate: inPart('candidate', [...SCREEN_CANDIDATE, ...fields.candidate]),
    history: inPart('prv_candidates', [...SCREEN_HISTORY, ...fields.history]),
  };
}

function normalise(records: readonly PacketRecord[], drifted: readonly string[]): void {
  for (const name of drifted) for (const record of records) record[name] = fieldValue(name, record[name]);
}

function selectionOf(names: readonly string[]): Selection {
  return Object.fromEntries(names.map((name) => [name, true]));
}

function packetInput(
  objectId: string,
  candidate: Fields,
  history: readonly Fields[],
  access: readonly string[],
): FilterInput | undefined {
  if (!recordIsVisible(candidate, access)) return undefined;
  const isSeen = (record: Fields): boolean => isMeasured(record) && recordIsVisible(record, access);
  return { objectId, candidate, history: history.every(isSeen) ? history : history.filter(isSeen) };
}

/** A detection, or a limit that could be measured: AMPEL's supplier drops limits with a negative magnitude. */
function isMeasured(record: Fields): boolean {
  return record['candid'] != null || (typeof record['diffmaglim'] === 'number' && record['diffmaglim'] >= 0);
}

function recordIsVisible(record: Fields, access: readonly string[]): boolean {
  // Nearly every point is public and nearly every channel may see public points.
  if (record['programid'] === 1 && access.includes('ZTF_PUB')) return true;
  const programid = record['programid'];
  return maySee(ztfTags(typeof programid === 'number' ? programid : undefined, ''), access);
}

function storedInput(alert: StoredContent, access: readonly string[]): FilterInput | undefined {
  const [candidate, ...history] = alert.datapoints;
  if (candidate === undefined || !maySee(candidate.tags, access)) return undefined;
  return {
    objectId: alert.objectId,
    candidate: alert.candidate,
    history: history
      // As in the packet's history.
      .filter((point) => point.kind !== 'forced' && maySee(point.tags, access))
      .map((point) => (point.kind === 'detection' ? { ...point.body, candid: point.id } : point.body)),
  };
}
