import { Context } from '@temporalio/activity';
import type { Json } from '../model/canonical-json.js';
import type { ReactionRule } from '../model/channel.js';
import type { ReactActivities } from '../model/transient.js';
import type { ReactionDocument, ReactionState } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Answer } from '../units/define.js';
import { currentTrace } from './trace.js';

export type ReactRequest = Parameters<ReactActivities['react']>[0];

/** States that nothing follows, but for what a person decides. */
const SETTLED: readonly ReactionState[] = ['confirmed', 'failed', 'called off', 'dry'];

/** What is told once, however many attempts find it. */
const ONCE: Readonly<Partial<Record<ReactionState, true>>> = { 'called off': true, dry: true };

/** The receiver has the message and is asked what came of it: no attempt that knows less may send it or take it back. */
const NOT_PENDING = { 'answer.pending': { $ne: true } } as const;

/** States that say less than a pending answer. */
const IN_DOUBT: readonly ReactionState[] = ['intended', 'outcome unknown'];

/** What a reaction would say, or why it says nothing. */
export interface Draft {
  readonly state: 'intended' | 'waits for approval' | 'dry' | 'called off';
  readonly message?: Json;
  readonly problem?: string;
  readonly because?: string;
}

/** One reaction's document and journal: what is written before and after each step toward the receiver. */
export class ReactionRecord {
  constructor(
    private readonly store: Store,
    private readonly request: ReactRequest,
    private readonly rule: ReactionRule,
  ) {}

  private get key(): string {
    return this.request.deadline.key;
  }

  /** Writes the intent, once: an attempt after the first finds that of the first. */
  async intend({ state, message, because }: Draft): Promise<ReactionDocument> {
    const { deadline, stock, objectId } = this.request;
    const { key, channel, channelHash, rule, alertId, link, setJd, dueJd } = deadline;
    const document = await this.store.reactions.findOneAndUpdate(
      { _id: key },
      {
        $setOnInsert: {
          ...{
            channel,
            channelHash,
            rule,
            unit: this.rule.unit,
            objectId,
            stock,
            alertId,
            link,
            setJd,
            dueJd,
            message,
          },
          ...{ state, attempts: 0, trace: currentTrace(), at: new Date() },
          ...(because !== undefined && { answer: { status: because } }),
        },
      },
      { upsert: true, returnDocument: 'after' },
    );
    if (document === null) throw new Error(`the intent of ${key} was not written`);
    return document;
  }

  /** Notes that the message is about to be sent. False where another attempt, or a person, has come first. */
  async begin(from: ReactionDocument): Promise<boolean> {
    const now = new Date();
    const { modifiedCount } = await this.store.reactions.updateOne(
      { _id: this.key, state: from.state, attempts: from.attempts, ...NOT_PENDING },
      { $set: { state: 'sent', trace: currentTrace(), sentAt: now, at: now }, $inc: { attempts: 1 } },
    );
    return modifiedCount === 1;
  }

  /** What came of it, in the document and, once for each attempt, in the journal. */
  async settle(state: ReactionState, answer: Answer): Promise<void> {
    const { deadline, stock, objectId } = this.request;
    const { key, channel, channelHash, alertId, dueJd: jd, link } = deadline;
    const { unit, version, configHash } = this.rule;
    const trace = currentTrace();
    const at = new Date();
    // Another attempt that was thought to be dead may have been confirmed meanwhile, or a person may have said what happened.
    const isOpen = { _id: key, state: { $nin: SETTLED }, ...(IN_DOUBT.includes(state) && NOT_PENDING) } as const;
    await this.store.reactions.updateOne(isOpen, { $set: { state, answer: kept(answer), at } });
    const id = ONCE[state] === true ? `t3/${key}/${state}` : `t3/${key}/${state}/${Context.current().info.attempt}`;
    await this.store.journal.updateOne(
      { _id: state === 'confirmed' ? `t3/${key}` : id },
      {
        $setOnInsert: {
          ...{ tier: 't3', stock, objectId, channel, channelHash, alertId, jd, sequence: 0 },
          ...{ unit, version, configHash, link, outcome: state, reason: answer.status, trace, at },
        },
      },
      { upsert: true },
    );
  }
}

/** When to ask again is of this attempt only. */
function kept({ status, detail, reference, pending }: Answer): Answer {
  return {
    status,
    ...(detail !== undefined && { detail }),
    ...(reference !== undefined && { reference }),
    ...(pending !== undefined && { pending }),
  };
}
