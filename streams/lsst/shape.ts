import type { Alert } from '../../model/alert.js';
import type { Datapoint, DatapointKind, Fields, FieldValue } from '../../model/datapoint.js';
import { alertIdentity } from './alert-identity.js';
import { bodyOf, MJD_BOUNDS } from './bodies.js';
import { byTodaysNames } from './field-names.js';
import { historyOf } from './history.js';
import { datapointId, lsstTags, type Part } from './identity.js';
import { objectPoint, solarSystemPoints } from './object-points.js';
import { bandField, boundedField, fieldValue, inPart, recordPart, type PacketRecord } from './packet-fields.js';
import { jdOfMjdTai } from './tai-time.js';

const KINDS: Readonly<Record<Part, DatapointKind>> = { DP: 'detection', FP: 'forced', OBJ: 'object', ND: 'upperLimit' };

/**
 * Shapes a decoded packet as AMPEL's supplier and shaper do: the triggering source, the history, the object last. AMPEL
 * skips alerts of solar-system objects; here they have what the packet knows of the object in its place.
 * Throws `Unreadable`.
 */
export function shapeAlert(packet: unknown): Alert {
  const root = recordPart(packet, 'alert record');
  const source = sourceOf(root);
  const { alertId, objectId, isSolarSystem } = alertIdentity(root);
  const [detection, position] = inPart(
    'diaSource',
    () => [shapeMeasurement('DP', source), positionOf(source)] as const,
  );
  const history = historyOf(root, source).map(({ part, place, record }) =>
    inPart(place, () => shapeMeasurement(part, record)),
  );
  const objects = isSolarSystem ? solarSystemPoints(root, detection.jd) : [objectPoint(root, detection.jd)];
  return {
    survey: 'lsst',
    alertId,
    objectId,
    stock: objectId,
    jd: detection.jd,
    position,
    candidate: inPart('diaSource', () => candidateOf(source)),
    datapoints: [detection, ...history, ...objects],
  };
}

/** The triggering source by today's names. */
export function sourceOf(root: PacketRecord): PacketRecord {
  return byTodaysNames(recordPart(root['diaSource'], 'diaSource'));
}

/** All that the packet says of the triggering source; what a datapoint keeps of it as the datapoint has it. */
export function candidateOf(source: PacketRecord): Fields {
  const fields: Record<string, FieldValue> = {};
  for (const name of Object.keys(source)) fields[name] = fieldValue(name, source[name]);
  return { ...fields, ...bodyOf('DP', source) };
}

function positionOf(source: PacketRecord): Alert['position'] {
  return { ra: boundedField(source, 'ra', 0, 360), dec: boundedField(source, 'dec', -90, 90) };
}

function shapeMeasurement(part: Part, record: PacketRecord): Datapoint {
  const body = bodyOf(part, record);
  const band = bandField(record, 'band');
  return {
    id: datapointId(body),
    kind: KINDS[part],
    jd: jdOfMjdTai(boundedField(record, 'midpointMjdTai', ...MJD_BOUNDS)),
    band,
    tags: lsstTags(part, band),
    body,
  };
}
