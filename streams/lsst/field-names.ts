import type { PacketRecord } from './packet-fields.js';

/** Names of 2022 (ELAsTiCC and schemas up to 6.1) and what they are called since: the list of AMPEL's alert supplier. */
const TODAY: ReadonlyMap<string, string> = new Map([
  ['midPointTai', 'midpointMjdTai'],
  ['psFlux', 'psfFlux'],
  ['psFluxErr', 'psfFluxErr'],
  ['filterName', 'band'],
  ['decl', 'dec'],
  ['ccdVisitId', 'visit'],
]);

const OLD_NAMES = [...TODAY.keys()];

/** The record with today's names of its fields. */
export function byTodaysNames(record: PacketRecord): PacketRecord {
  // Runs for every point of every alert, and today's packets have nothing to rename.
  if (!OLD_NAMES.some((name) => name in record)) return record;
  const renamed: Record<string, unknown> = {};
  for (const name of Object.keys(record)) renamed[TODAY.get(name) ?? name] = record[name];
  return renamed;
}

/** Every name that these fields have in some schema. */
export function allNamesOf(fields: readonly string[]): string[] {
  const old = [...TODAY].flatMap(([name, today]) => (fields.includes(today) ? [name] : []));
  return [...new Set([...fields, ...old])];
}
