import type { Channel } from '../model/channel.js';
import type { FieldValue } from '../model/datapoint.js';
import type { JournalDocument, LeftOut, ObjectReaction } from '../store/documents.js';
import type { ReceiptRejection } from '../store/receipt-rejections.js';

/** One decision of one channel on one object, as `ampel explain --json` prints it. */
export interface DecisionLine {
  /** Event time (Julian date). */
  readonly jd: number;
  readonly tier: JournalDocument['tier'];
  readonly channel: string;
  /** First digits of the hash of the channel's revision. */
  readonly revision: string;
  readonly alertId: string;
  readonly outcome: string;
  readonly group?: number;
  /** What an alert was accepted for, such as the entry of a watchlist. */
  readonly match?: string;
  /** Accepted because the channel had accepted the object before. */
  readonly known?: 'bypass' | 'overrule';
  /** Points that did not become part of the state. */
  readonly leftOut?: LeftOut;
  readonly reason?: string;
  readonly field?: string;
  readonly value?: FieldValue;
  readonly limit?: FieldValue;
  /** The channel's rule, of a reaction. */
  readonly rule?: string;
  readonly unit: string;
  readonly version: string;
  readonly configHash: string;
  /** The state that was decided on, or what `kind` says. */
  readonly link?: string;
  readonly kind?: 'datapoint' | 'stock';
  /** `screen`: refused where the stream is read, and kept in the batch's receipt only. */
  readonly decidedBy: 'screen' | 'transient';
}

/** What is recorded of an object, and what is needed to read it. */
export interface DecisionRecords {
  readonly journal: readonly JournalDocument[];
  readonly reactions: readonly ObjectReaction[];
  readonly rejections: readonly ReceiptRejection[];
  /** Channel revisions by the first digits of their hash. */
  readonly revisions: ReadonlyMap<string, Channel>;
}

const HASH_DIGITS = 12;
const TIERS = ['t0', 't1', 't2', 't3'];

/** First digits of a channel revision's hash, from the whole hash or from a reference `<name>@<digits>`. */
export function shortHash(hashOrRef: string): string {
  return hashOrRef.slice(hashOrRef.indexOf('@') + 1).slice(0, HASH_DIGITS);
}

/** The decisions in order of event time, tier by tier for each alert; of one channel, or of all. */
export function decisionLines(records: DecisionRecords, channel?: string): DecisionLine[] {
  const rules = new Map(records.reactions.map(({ _id, rule }) => [_id, rule]));
  const ordered = records.journal.toSorted((a, b) => a.sequence - b.sequence);
  const lines = [
    ...ordered.flatMap((entry) => journalLines(entry, rules)),
    ...records.reactions.filter(({ state }) => state === 'called off').map((one) => calledOffLine(one, records)),
    ...records.rejections.map((rejection) => rejectionLine(rejection, records)),
  ];
  return lines.filter((line) => channel === undefined || line.channel === channel).sort(inTime);
}

function inTime(a: DecisionLine, b: DecisionLine): number {
  if (a.jd !== b.jd) return a.jd - b.jd;
  return TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier);
}

/** What was computed for several channels is a line for each. */
function journalLines(entry: JournalDocument, rules: ReadonlyMap<string, string>): DecisionLine[] {
  const {
    jd,
    tier,
    alertId,
    outcome,
    group,
    match,
    known,
    leftOut,
    reason,
    field,
    value,
    limit,
    unit,
    version,
    configHash,
    link,
    kind,
  } = entry;
  const hashes = entry.channelHash.split(', ');
  const rule = tier === 't3' ? (entry.rule ?? ruleOf(entry, rules)) : undefined;
  return entry.channel.split(', ').map((channel, index) => ({
    ...{ jd, tier, channel, revision: shortHash(hashes[index] ?? ''), alertId, outcome },
    ...(group !== undefined && { group }),
    ...(match !== undefined && { match }),
    ...(known !== undefined && { known }),
    ...(leftOut !== undefined && { leftOut }),
    ...(reason !== undefined && { reason }),
    ...(field !== undefined && { field }),
    ...(value !== undefined && { value }),
    ...(limit !== undefined && { limit }),
    ...(rule !== undefined && { rule }),
    ...{ unit, version, configHash },
    ...(link !== undefined && { link }),
    ...(kind !== undefined && { kind }),
    decidedBy: 'transient',
  }));
}

/** Of an entry that does not say it: a reaction's is `t3/<key>`, a failed try's `t3/<key>/<outcome>/<attempt>`. */
function ruleOf({ _id }: JournalDocument, rules: ReadonlyMap<string, string>): string | undefined {
  const path = _id.slice('t3/'.length);
  return rules.get(path) ?? rules.get(path.split('/').slice(0, -2).join('/'));
}

/** The journal does not tell of a reaction that never was; it stands at the time when it was due. */
function calledOffLine(reaction: ObjectReaction, { revisions }: DecisionRecords): DecisionLine {
  const { dueJd, channel, channelHash, alertId, state, rule, unit, link } = reaction;
  const revision = shortHash(channelHash);
  const applied = revisions.get(revision)?.t3.find(({ name }) => name === rule);
  return {
    ...{ jd: dueJd, tier: 't3', channel, revision, alertId, outcome: state, rule, unit },
    ...{ version: applied?.version ?? '', configHash: applied?.configHash ?? '', link, decidedBy: 'transient' },
  };
}

function rejectionLine(rejection: ReceiptRejection, { revisions }: DecisionRecords): DecisionLine {
  const { channel, hash, survey, alertId, jd, reason, field, value, limit } = rejection;
  const revision = shortHash(hash);
  const applied = revisions.get(revision);
  const { unit = '', version = '', configHash = '' } = applied?.t0[survey ?? applied.streams[0] ?? ''] ?? {};
  return {
    ...{ jd, tier: 't0', channel, revision, alertId, outcome: 'rejected', reason },
    ...(field !== undefined && { field }),
    ...(value !== undefined && { value }),
    ...(limit !== undefined && { limit }),
    ...{ unit, version, configHash, decidedBy: 'screen' },
  };
}
