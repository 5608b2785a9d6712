import type { Part } from './identity.js';
import { byTodaysNames } from './field-names.js';
import { idField, inPart, recordList, type PacketRecord } from './packet-fields.js';

/** An earlier measurement in a packet, by today's names. */
export interface Earlier {
  readonly part: Part;
  /** Where it stands in the packet, for messages. */
  readonly place: string;
  readonly record: PacketRecord;
}

/**
 * Lists of a packet in AMPEL's order of preference. No published schema has the last one: `prvDiaNondetectionLimits`,
 * which schemas up to 7.4 have, is not what AMPEL looks for, and would make other states.
 */
const LISTS = [
  ['prvDiaForcedSources', 'FP'],
  ['prvDiaSources', 'DP'],
  ['diaNondetectionLimit', 'ND'],
] as const;

/**
 * The history of an alert as AMPEL takes it (ampel/lsst/alert/LSSTAlertSupplier.py, ingest/LSSTDataPointShaper.py): of each
 * visit the first point found in the order of `LISTS`, the visit of the triggering source not counted; without forced
 * sources whose id is that of a source in the alert (ELAsTiCC gives a measurement as both). Throws `Unreadable`.
 */
export function historyOf(root: PacketRecord, source: PacketRecord): Earlier[] {
  const visits = new Set<string>();
  const history: Earlier[] = [];
  for (const [list, part] of LISTS) {
    recordList(root[list], list).forEach((entry, index) => {
      const place = `${list}[${index}]`;
      const record = byTodaysNames(entry);
      const visit = inPart(place, () => idField(record, 'visit'));
      if (visits.has(visit)) return;
      visits.add(visit);
      history.push({ part, place, record });
    });
  }
  const sourceIds = new Set(
    [{ part: 'DP', record: source }, ...history].flatMap(({ part, record }) =>
      part === 'DP' ? [record['diaSourceId']] : [],
    ),
  );
  return history.filter(({ part, record }) => part !== 'FP' || !sourceIds.has(record['diaForcedSourceId']));
}
