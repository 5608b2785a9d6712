import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldValue } from '../model/datapoint.js';
import type { Verdict } from '../model/decision.js';
import { sharedData } from './shared-data.js';

/** What AMPEL's filter logged last where it rejected: a cut with its value, or a code of its own, or a message. */
type Logged = Readonly<Record<string, FieldValue | readonly number[]>>;

/** AMPEL's own decisions. 1: accepted; 0: rejected without a word. */
export interface DecisionOracle {
  readonly header: {
    readonly columns: readonly string[];
    readonly filters: Readonly<Record<string, { readonly unit: string; readonly config: object }>>;
  };
  /** Candid, object, file and further columns. */
  readonly rows: readonly (readonly unknown[])[];
}

/** A rejection as far as AMPEL tells of it. */
interface Expected {
  readonly reason: string;
  readonly field?: FieldValue;
  readonly value?: FieldValue;
}

/** Codes of RcfFilter; the log has the value under another name than the code's. */
const RCF: Readonly<Record<number, readonly [reason: string, logged?: string]>> = {
  [-1]: ['nDet', 'nDet'],
  [-3]: ['isdiffpos', 'isdiffpos'],
  [-4]: ['magpsf', 'magpsf'],
  [-5]: ['galPlane', 'gal_plane'],
  [-6]: ['ssdistnr', 'ssdistnr'],
  [-7]: ['age', 'age'],
  [-8]: ['ipacAge', 'age'],
  [-9]: ['starUnder'],
  [-10]: ['notReal'],
  [-11]: ['brightStar'],
  [-12]: ['variableStar'],
};

const NUCLEAR: Readonly<Record<number, readonly [reason: string, logged?: string]>> = {
  [-10]: ['largeSgscore', 'sgscore1'],
  [-11]: ['largeSgscore2', 'sgscore2'],
  [-12]: ['noSgscore'],
  [-20]: ['badPs1Photometry', 'psmag1r'],
  [-21]: ['ps1TooFar', 'distpsnr1'],
  [-22]: ['brightPs1Match1', 'psmag1'],
  [-23]: ['brightPs1Match2', 'psmag2'],
  [-24]: ['brightPs1Match3', 'psmag3'],
  [-30]: ['noGoodDetection'],
  [-40]: ['nDet', 'detections'],
  [-50]: ['brightReference', 'minmag'],
  [-60]: ['nmtchps', 'nmtchps'],
  [-61]: ['galPlane'],
  [-70]: ['rb', 'max_rb'],
  [-80]: ['onlyDuplicates'],
  [-90]: ['potentialMover'],
  [-100]: ['largeGap'],
  [-110]: ['tooFaint', 'min_magpsf_arr'],
  [-120]: ['fluxIncrease', 'min_magpsfnr_diff'],
  [-140]: ['hostOffset'],
  [-141]: ['noHostOffset'],
};

/** Messages of XShooterFilter; numbers in them have two digits. */
const XSHOOTER: readonly (readonly [message: RegExp, reason: string])[] = [
  [/^Rejected: declination ([-\d.]+) deg/, 'dec'],
  [/^Rejected: chipsf ([-\d.]+) /, 'chipsf'],
  [/^Rejected: seeratio ([-\d.]+) /, 'seeratio'],
  [/^Rejected: sumrat ([-\d.]+) /, 'sumrat'],
  [/^Rejected: no detection within/, 'noRecentDetection'],
  [/^Rejected: no upper limit/, 'noUpperLimit'],
  [/^Rejected: at least one detection within/, 'priorDetection'],
];

const PREDETECTION: typeof XSHOOTER = [[/^Transient is too old\. There are detections prior/, 'predetection']];

/** What each filter of AMPEL's says and ours has to say: one table a filter, cuts that AMPEL names aside. */
const TRANSLATIONS: Readonly<Record<string, (logged: Logged) => Expected>> = {
  DecentFilter: byCut,
  SimpleDecentFilter: byCut,
  RcfFilter: (logged) => (logged['code'] === -2 ? byCut(logged) : byCode(logged, RCF)),
  NuclearFilter: (logged) => byCode(logged, NUCLEAR),
  XShooterFilter: (logged) => byMessage(logged, XSHOOTER),
  PredetectionFilter: (logged) => byMessage(logged, PREDETECTION),
  BasicMultiFilter: ({ counts }) => ({ reason: 'criteria', value: [counts].flat().join(', ') }),
};

function byCut(logged: Logged): Expected {
  const cuts = Object.entries(logged).filter(([name]) => name !== 'code' && name !== 'cut');
  const [[reason, found] = ['', null]] = cuts as [string, FieldValue][];
  return reason === 'missing' || reason === 'isNone' ? { reason, field: found } : { reason, value: found };
}

function byCode(logged: Logged, table: typeof RCF): Expected {
  const [reason, name] = table[Number(logged['code'])] ?? ['a code without translation'];
  return name === undefined ? { reason } : { reason, value: logged[name] as FieldValue };
}

function byMessage(logged: Logged, table: typeof XSHOOTER): Expected {
  if (logged['msg'] === undefined) return byCut(logged);
  for (const [message, reason] of table) {
    const [, value] = message.exec(String(logged['msg'])) ?? [''];
    if (message.test(String(logged['msg']))) return value === undefined ? { reason } : { reason, value };
  }
  return { reason: 'a message without translation' };
}

/** True where a verdict is AMPEL's: accepted or not, for the same cut, with the same value as far as AMPEL tells. */
export function isDecisionOfAmpel(verdict: Verdict, unit: string, decision: unknown): boolean {
  if (decision === 1 || decision === 0) return verdict.accepted === (decision === 1);
  const expected = TRANSLATIONS[unit]?.(decision as Logged);
  if (verdict.accepted || verdict.reason !== expected?.reason) return false;
  if (expected.field !== undefined) return verdict.field === expected.field;
  return expected.value === undefined || isSameValue(verdict.value, expected.value);
}

function isSameValue(found: FieldValue | undefined, expected: FieldValue): boolean {
  if (typeof found === 'number' && typeof expected === 'string') return found.toFixed(2) === expected;
  if (typeof found !== 'number' || typeof expected !== 'number') return found === expected;
  return Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
}

/**
 * Three rows are alerts of containers that newline normalisation has damaged. The oracle's reader ignores the missing
 * byte after the record; we refuse the container. The same alerts are decided from the intact copies of that night.
 */
export const DAMAGED = 'ztf/edge/newline_corrupted_7files.tar.gz';

/** What AMPEL's own filters decided on the shared alerts. */
export function readDecisionOracle(): DecisionOracle {
  const text = readFileSync(join(sharedData, 'reference/oracles/ampel_decisions_shared.json'), 'utf8');
  return JSON.parse(text) as DecisionOracle;
}
