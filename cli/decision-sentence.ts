import type { FieldValue } from '../model/datapoint.js';
import { unixMsOfJd } from '../model/julian-date.js';
import type { DecisionLine } from './decision-line.js';

/** What a reason of a unit means; undefined where it is not known. */
export type MeaningOf = (unit: string, reason: string) => string | undefined;

const CONFIG_DIGITS = 8;
const VALUE_DIGITS = 6;

/** A decision as a person would say it: `2018-08-19 06:12  alert 595…: HU_RAPID rejected it: tSpan 24.9 (field jd), …` */
export function decisionSentence(line: DecisionLine, meaningOf: MeaningOf): string {
  const { jd, tier, alertId } = line;
  const when = minuteOfJd(jd);
  const what = tier === 't3' ? reactionText(line) : `alert ${alertId}: ${alertText(line, meaningOf)}`;
  return `${when}  ${what}`;
}

/** Decisions as sentences; what is told again at once, such as each try of a reaction, is told once with its number. */
export function decisionSentences(lines: readonly DecisionLine[], meaningOf: MeaningOf): string[] {
  const told: { sentence: string; times: number }[] = [];
  for (const line of lines) {
    const sentence = decisionSentence(line, meaningOf);
    const last = told.at(-1);
    if (last?.sentence === sentence) last.times++;
    else told.push({ sentence, times: 1 });
  }
  return told.map(({ sentence, times }) => (times === 1 ? sentence : `${sentence} (${times} times)`));
}

/** `2018-08-19 06:12`, UTC. */
export function minuteOfJd(jd: number): string {
  return new Date(unixMsOfJd(jd)).toISOString().slice(0, 16).replace('T', ' ');
}

function alertText(line: DecisionLine, meaningOf: MeaningOf): string {
  const { tier, channel, outcome, group, match, known, leftOut, reason, link, unit } = line;
  if (tier !== 't0') return `${channel}: ${computedText(line)}`;
  if (outcome === 'accepted') {
    const into = group === undefined ? '' : ` into group ${group}`;
    const why = match === undefined ? '' : ` for ${match}`;
    const state = link === undefined ? '' : `, which made state ${link}${leftOutText(leftOut)}`;
    return `${channel} accepted it${into}${why}${knownText(known, line)}${state} (${codeText(line)})`;
  }
  const meaning = reason === undefined ? undefined : meaningOf(unit, reason);
  return `${channel} ${outcome} it: ${cutText(line)} (${codeText(line)})${meaning === undefined ? '' : `: ${meaning}`}`;
}

/** The channel had accepted the object before: what its filter says counted for nothing. */
function knownText(known: DecisionLine['known'], line: DecisionLine): string {
  if (known === undefined) return '';
  if (known === 'bypass') return ' as one of a known object, without its filter';
  return ` as one of a known object${line.reason === undefined ? '' : `, against ${cutText(line)}`}`;
}

/** ` without 2 superseded points and 3 of another band` */
function leftOutText({
  superseded = [],
  tag = 0,
  band = 0,
  age = 0,
}: NonNullable<DecisionLine['leftOut']> = {}): string {
  const parts = [
    superseded.length > 0 ? `${superseded.length} superseded` : '',
    tag > 0 ? `${tag} for their tags` : '',
    band > 0 ? `${band} of other bands` : '',
    age > 0 ? `${age} too old` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `, without points: ${parts.join(', ')}`;
}

function computedText(line: DecisionLine): string {
  const { outcome, reason, link = 'unknown', kind = 'state' } = line;
  const from = kind === 'stock' ? 'what is known of the object' : `${kind} ${link}`;
  return `${outcome} from ${from} (${codeText(line)})${reason === undefined ? '' : `: ${reason}`}`;
}

/** `tSpan 24.9 (field jd), limit 5` */
function cutText({ reason = 'no reason given', field, value, limit }: DecisionLine): string {
  const found = value === undefined ? '' : ` ${valueText(value)}`;
  const where = field === undefined || field === reason ? '' : ` (field ${field})`;
  return `${reason}${found}${where}${limit === undefined ? '' : `, limit ${valueText(limit)}`}`;
}

/** A measured value has no more than six meaningful digits here; the whole one is in the JSON. */
function valueText(value: FieldValue): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(VALUE_DIGITS)));
}

/** `DecentFilter 1.0.0, config fdaf6f91` */
function codeText({ unit, version, configHash }: DecisionLine): string {
  const code = unit === '' ? 'unknown unit' : `${unit} ${version}`.trimEnd();
  return configHash === '' ? code : `${code}, config ${configHash.slice(0, CONFIG_DIGITS)}`;
}

const REACTIONS: Readonly<Record<string, string>> = {
  confirmed: 'sent and confirmed',
  failed: 'refused by its receiver',
  'outcome unknown': 'sent, but no answer came',
  'called off': 'called off by another detection before this, when it was due',
};

function reactionText(line: DecisionLine): string {
  const { channel, rule, outcome, reason, alertId } = line;
  const answer = reason === undefined ? '' : `: ${reason}`;
  const name = rule === undefined ? 'reaction' : `reaction ${rule}`;
  return `${channel}: ${name} to alert ${alertId} ${REACTIONS[outcome] ?? outcome}${answer} (${codeText(line)})`;
}
