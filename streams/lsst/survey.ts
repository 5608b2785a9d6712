import type { Alert, FilterInput } from '../../model/alert.js';
import type { Cutouts } from '../../model/cutouts.js';
import type { Selection } from '../avro/writer-schema.js';
import { decodeWhole } from '../avro/whole-record.js';
import type { Packet } from '../packet.js';
import type { FilterFields, ScreenedAlert, StoredContent, Survey } from '../survey.js';
import { alertIdentity, IDENTITY_FIELDS } from './alert-identity.js';
import { bodyOf, MJD_BOUNDS } from './bodies.js';
import { allNamesOf } from './field-names.js';
import { historyOf } from './history.js';
import { maySee, PUBLIC } from './identity.js';
import { boundedField, bytesPart, inPart, recordPart } from './packet-fields.js';
import { candidateOf, shapeAlert, sourceOf } from './shape.js';
import { jdOfMjdTai } from './tai-time.js';
import { stateMembers } from './state-members.js';

/** A packet as far as it can be read from its schema and bytes alone. */
type Encoded = Pick<Packet, 'schema' | 'record'>;

/** Everything but cutouts. */
const WHOLE_ALERT: Selection = {
  ...{ alertId: true, diaSourceId: true, diaSource: true },
  ...{ prvDiaSources: true, prvDiaForcedSources: true, diaNondetectionLimit: true },
  ...{ diaObject: true, ssObject: true, ssSource: true, MPCORB: true, mpc_orbits: true },
};
const ALL_CUTOUTS: Selection = { cutoutScience: true, cutoutTemplate: true, cutoutDifference: true };
/** What the screen itself needs: time, identity and the points that AMPEL takes. */
const SCREEN_SOURCE = ['midpointMjdTai', 'visit', 'diaSourceId', 'ssObjectId'];
const SCREEN_FORCED = ['visit', 'diaForcedSourceId'];

/** Rubin Observatory's LSST: packets of schema 3.0 to 11.0, and of ELAsTiCC, which simulated it. */
export const lsst = {
  name: 'lsst',
  access: [PUBLIC],
  recognises: ({ rootFields }) =>
    rootFields.includes('diaSource') && (rootFields.includes('diaSourceId') || rootFields.includes('alertId')),
  readAlert: (packet: Encoded): Alert => shapeAlert(decodeWhole(packet.schema, packet.record, WHOLE_ALERT)),
  readCutouts,
  screenReader,
  filterInput: storedInput,
  stateMembers,
  maySee,
} satisfies Survey;

function readCutouts({ schema, record }: Encoded): Cutouts {
  const root = recordPart(decodeWhole(schema, record, ALL_CUTOUTS), 'alert record');
  const science = bytesPart(root, 'cutoutScience');
  const template = bytesPart(root, 'cutoutTemplate');
  const difference = bytesPart(root, 'cutoutDifference');
  return { ...(science && { science }), ...(template && { template }), ...(difference && { difference }) };
}

function screenReader(fields: FilterFields): (packet: Encoded) => ScreenedAlert {
  const selection = screenSelection(fields);
  return ({ schema, record }) => {
    const root = recordPart(decodeWhole(schema, record, selection), 'alert record');
    const source = sourceOf(root);
    const { alertId, objectId } = alertIdentity(root);
    const mjdTai = inPart('diaSource', () => boundedField(source, 'midpointMjdTai', ...MJD_BOUNDS));
    const input: FilterInput = {
      objectId,
      candidate: inPart('diaSource', () => candidateOf(source)),
      history: historyOf(root, source).map(({ part, place, record: earlier }) =>
        inPart(place, () => bodyOf(part, earlier)),
      ),
    };
    return {
      alertId,
      objectId,
      jd: jdOfMjdTai(mjdTai),
      view: (access) => (access.includes(PUBLIC) ? input : undefined),
    };
  };
}

/**
 * Triggering and earlier sources are one type in LSST's schemas, so what is asked of one is read of both; `bodyOf` leaves of
 * the history what the store has too.
 */
function screenSelection({ candidate, history }: FilterFields): Selection {
  const source = selectionOf([...SCREEN_SOURCE, ...candidate, ...history]);
  return {
    ...IDENTITY_FIELDS,
    ...{ diaSource: source, prvDiaSources: source },
    ...{ prvDiaForcedSources: selectionOf([...SCREEN_FORCED, ...history]), diaNondetectionLimit: true },
  };
}

function selectionOf(fields: readonly string[]): Selection {
  return Object.fromEntries(allNamesOf(fields).map((name) => [name, true]));
}

function storedInput(
  { objectId, candidate, datapoints }: StoredContent,
  access: readonly string[],
): FilterInput | undefined {
  const [source, ...others] = datapoints;
  if (source === undefined || !maySee(source.tags, access)) return undefined;
  const history = others.filter(({ kind, tags }) => kind !== 'object' && maySee(tags, access));
  return { objectId, candidate, history: history.map(({ body }) => body) };
}
