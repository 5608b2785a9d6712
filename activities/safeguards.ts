import type { Channel, PeriodicRule, ReactionRule } from '../model/channel.js';
import { periodOf, quietUntilMs } from '../model/quiet-hours.js';
import type { Approval, RateCap } from '../model/safeguards.js';
import type { ApprovalAnswer } from '../model/transient.js';
import { takeAllowance } from '../store/allowances.js';
import type { ReactionDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';

type Held = Pick<Channel, 'name' | 'reactions'>;
type Rule = ReactionRule | PeriodicRule;

/** Whose word a rule wants; nobody's of one that runs by the clock. */
export function approvalOf(rule: Rule): Approval | undefined {
  return 'requires' in rule ? rule.requires : undefined;
}

/** Of a rule that says `mode: live` too: the channel decides. */
export function isDry({ reactions }: Held, rule: Rule): boolean {
  return reactions?.dry === true || rule.dry === true;
}

/** True where a person has to say yes to what this rule is about to tell. */
export async function needsApproval(store: Store, { name }: Held, rule: Rule): Promise<boolean> {
  const requires = approvalOf(rule);
  if (requires === undefined) return false;
  if (requires.of === 'each') return true;
  return (await store.reactions.findOne({ channel: name, rule: rule.name, 'approval.granted': true })) === null;
}

const DAY_MS = 86_400_000;

/** When nobody need answer any more (Unix time, ms). */
export function approvalEndsMs({ at }: ReactionDocument, requires: Approval | undefined): number {
  return at.getTime() + (requires?.withinDays ?? 1) * DAY_MS;
}

/** Writes what a person has said of one that waits for it; nothing where that was said before. */
export async function writeApproval(store: Store, key: string, { granted, by, why }: ApprovalAnswer): Promise<void> {
  const at = new Date();
  const said = { approval: { granted, by, why, at }, at };
  await store.reactions.updateOne(
    { _id: key, state: 'waits for approval' },
    granted
      ? { $set: { ...said, state: 'intended' } }
      : { $set: { ...said, state: 'called off', answer: { status: `${by} says no: ${why}` } } },
  );
}

/** Why a message shall not be sent now, and when to look again. */
export interface Hold {
  readonly because: string;
  readonly waitMs: number;
}

/** What holds a message back now: quiet hours, or a cap. Taking its place under a cap is remembered by its key. */
export async function holdOf(store: Store, channel: Held, rule: Rule, key: string): Promise<Hold | undefined> {
  const nowMs = Date.now();
  for (const quiet of [rule.quiet, channel.reactions?.quiet]) {
    const untilMs = quiet && quietUntilMs(quiet, nowMs);
    if (untilMs !== undefined) {
      return { because: `waits for the end of quiet hours, ${isoMinute(untilMs)}`, waitMs: untilMs - nowMs };
    }
  }
  const ofRule = await aboveCap(store, `${channel.name}/${rule.name}`, rule.cap, key);
  return ofRule ?? (await aboveCap(store, `${channel.name} ${rule.unit}`, channel.reactions?.cap, key));
}

/** What waits for the same moment comes in this time after it, not all at once. */
const SPREAD_MS = 30_000;

async function aboveCap(store: Store, name: string, cap: RateCap | undefined, key: string): Promise<Hold | undefined> {
  if (cap === undefined) return undefined;
  const nowMs = Date.now();
  const { name: when, endMs } = periodOf(cap.per, nowMs);
  const allowance = { name: `${name} ${when}`, max: cap.count, expires: new Date(endMs + DAY_MS) };
  if (await takeAllowance(store, allowance, key)) return undefined;
  const waitMs = endMs - nowMs + Math.random() * SPREAD_MS;
  return { because: `above the cap of ${cap.count}/${cap.per} of ${name}: waits until ${isoMinute(endMs)}`, waitMs };
}

function isoMinute(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 16)} UTC`;
}
