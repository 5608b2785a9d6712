import { Unreadable } from '../avro/unreadable.js';
import type { Selection } from '../avro/writer-schema.js';
import { idField, inPart, recordPart, type PacketRecord } from './packet-fields.js';

/** The alert id of all alerts that were made from the template of LSST's alert_packet, ELAsTiCC samples among them. */
const TEMPLATE_ALERT_ID = '1231321321';
/** Solar-system objects stand in one of these, by version of the schema; ids of 0 are none. */
const SOLAR_SYSTEM_PARTS = ['ssObject', 'ssSource', 'MPCORB', 'diaSource'];

export interface AlertIdentity {
  /** `diaSourceId` of the packet since schema 8.0, `alertId` before: the id of the triggering source in either. */
  readonly alertId: string;
  /** `diaObjectId`, or `ssObjectId` where there is no diaObject; also the stock id. */
  readonly objectId: string;
  readonly isSolarSystem: boolean;
}

/** Fields of a packet that `alertIdentity` reads, by part. */
export const IDENTITY_FIELDS: Selection = {
  ...{ alertId: true, diaSourceId: true, diaObject: { diaObjectId: true } },
  ...{ ssObject: { ssObjectId: true }, ssSource: { ssObjectId: true }, MPCORB: { ssObjectId: true } },
};

/** Whose alert it is. Throws `Unreadable` where the packet names no object. */
export function alertIdentity(root: PacketRecord): AlertIdentity {
  const alertId = alertIdOf(root);
  const diaObject = root['diaObject'];
  if (diaObject !== null && diaObject !== undefined) {
    const objectId = inPart('diaObject', () => idField(recordPart(diaObject, 'diaObject'), 'diaObjectId'));
    return { alertId, objectId, isSolarSystem: false };
  }
  for (const part of SOLAR_SYSTEM_PARTS) {
    const record = root[part];
    if (record === null || record === undefined) continue;
    const { ssObjectId } = recordPart(record, part);
    if (ssObjectId === null || ssObjectId === undefined || ssObjectId === '0' || ssObjectId === 0) continue;
    return {
      alertId,
      objectId: inPart(part, () => idField({ ssObjectId }, 'ssObjectId')),
      isSolarSystem: true,
    };
  }
  throw new Unreadable('missing-field', 'the packet names no object: it has neither a diaObject nor an ssObjectId');
}

function alertIdOf(root: PacketRecord): string {
  if ('diaSourceId' in root) return idField(root, 'diaSourceId');
  const alertId = idField(root, 'alertId');
  if (alertId !== TEMPLATE_ALERT_ID) return alertId;
  return inPart('diaSource', () => idField(recordPart(root['diaSource'], 'diaSource'), 'diaSourceId'));
}
