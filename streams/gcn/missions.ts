import type { NoticeKind, NoticeRole } from '../../model/notice.js';

/** What a schema of GCN is about; `gcn/notices/` is left off its path. */
export interface SchemaMission {
  readonly mission: string;
  readonly instrument?: string;
  /** What its notices are where they do not say. */
  readonly kind?: NoticeKind;
  /** True where every notice is a test, whatever it says. */
  readonly isTest?: boolean;
  /** Fields with the mission's own id of the event, the first that is there; then `id`, `event_name`, the time. */
  readonly idFields?: readonly string[];
}

const SCHEMA_MISSIONS: Readonly<Record<string, SchemaMission>> = {
  'boom/alert': { mission: 'BOOM', kind: 'alert' },
  'burstcube/alert': { mission: 'BurstCube' },
  'burstcube/test': { mission: 'BurstCube', isTest: true },
  'chime/frb': { mission: 'CHIME' },
  'dsa110/frb': { mission: 'DSA-110' },
  'einstein_probe/wxt/alert': { mission: 'Einstein Probe', instrument: 'WXT', kind: 'alert' },
  'fermi/gbm/trigger': { mission: 'Fermi', instrument: 'GBM' },
  'fermi/lat/flare': { mission: 'Fermi', instrument: 'LAT', kind: 'flare' },
  'glowbug/Alert': { mission: 'GLOWBUG' },
  'heasarc/archive_alert': { mission: 'HEASARC', kind: 'archive entry', idFields: ['obs_id'] },
  'icecube/lvk_nu_track_search': { mission: 'IceCube', kind: 'counterpart search', idFields: ['ref_ID'] },
  'icecube/single_neutrino_alerts': { mission: 'IceCube' },
  'km3net/alert': { mission: 'KM3NeT' },
  'maxi/gsc.known': { mission: 'MAXI', instrument: 'GSC' },
  'maxi/gsc.unknown': { mission: 'MAXI', instrument: 'GSC' },
  'superk/sn_alert': { mission: 'Super-Kamiokande' },
  'svom/trigger': { mission: 'SVOM' },
  'swift/bat/Guano': { mission: 'Swift', instrument: 'BAT-GUANO' },
};

const NOTICES = 'gcn/notices/';

/** Parts that schemas of missions are made of: no notices of their own. */
const PARTS = /^gcn\/notices\/(core|neutrino)\//;

/** Whether a schema describes a notice, or what else. */
export function schemaSubject(path: string): 'notice' | 'circular' | 'part' | 'other' {
  if (path === 'gcn/circulars') return 'circular';
  if (PARTS.test(path)) return 'part';
  return path.startsWith(NOTICES) ? 'notice' : 'other';
}

/** The mission of a notice schema; of one that is newer than this program, what its path and the notice say. */
export function schemaMission(path: string, claimed: string | undefined): SchemaMission {
  const name = path.slice(NOTICES.length);
  const known = Object.hasOwn(SCHEMA_MISSIONS, name) ? SCHEMA_MISSIONS[name] : undefined;
  return known ?? { mission: missionNamed(claimed ?? name.split('/')[0] ?? name) };
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  amon: 'IceCube',
  lvc: 'LVK',
  ligo: 'LVK',
  'fermi-gbm': 'Fermi',
  'swift-bat': 'Swift',
};

/** One spelling for each mission, so that two formats name an event alike. */
export function missionNamed(name: string): string {
  const key = name.trim().toLowerCase();
  const other = Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : undefined;
  const known = ['LVK', ...Object.values(SCHEMA_MISSIONS).map(({ mission }) => mission)];
  return other ?? known.find((mission) => mission.toLowerCase() === key) ?? name.trim();
}

const KIND_OF_ALERT_TYPE: Readonly<Record<string, NoticeKind>> = {
  initial: 'initial',
  subsequent: 'subsequent',
  update: 'update',
  retraction: 'retraction',
};

/** Fermi GBM's own steps say more than `alert_type`. */
const KIND_OF_SUBTYPE: Readonly<Record<string, NoticeKind>> = {
  INITIAL_ALERT: 'alert',
  FLIGHT_POSITION: 'flight position',
  GROUND_POSITION: 'ground position',
  FINAL_POSITION: 'final position',
};

/** What a unified notice is; a retraction is one whatever else it says. */
export function unifiedKind(
  alertType: string | undefined,
  subtype: string | undefined,
  mission: SchemaMission,
): NoticeKind {
  const kind = ofTable(KIND_OF_ALERT_TYPE, alertType);
  if (kind === 'retraction') return kind;
  return ofTable(KIND_OF_SUBTYPE, subtype) ?? kind ?? mission.kind ?? 'other';
}

const ROLE_OF_TENSE: Readonly<Record<string, NoticeRole>> = {
  current: 'observation',
  archival: 'observation',
  planned: 'prediction',
  injection: 'mock',
  commanded: 'utility',
  test: 'test',
};

/** What a unified notice stands for by its `alert_tense`. */
export function unifiedRole(tense: string | undefined, mission: SchemaMission): NoticeRole {
  return mission.isTest === true ? 'test' : (ofTable(ROLE_OF_TENSE, tense) ?? 'observation');
}

function ofTable<T>(table: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
