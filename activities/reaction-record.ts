import { Context } from '@temporalio/activity';
import type { Json } from '../model/canonical-json.js';
import type { UnitUse } from '../model/channel.js';
import type { JournalDocument, ReactionDocument, ReactionState } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { Answer } from '../units/define.js';
import { currentTrace } from './trace.js';

/** What a reaction tells of, as its document says it. */
export interface ReactionSubject {
  /** Idempotency key. */
  readonly key: string;
  /** What messages call it. */
  readonly name: string;
  readonly channel: string;
  readonly channelHash: string;
  readonly rule: string;
  readonly dueJd: number;
  /** The object and its state, or the run and how many objects it has selected. */
  readonly of: Pick<ReactionDocument, 'objectId' | 'stock' | 'alertId' | 'link' | 'setJd' | 'run' | 'objects'>;
  /** Objects in whose journal a step is noted, with what makes an entry of one of several their own. */
  journal(state: ReactionState): readonly (JournalPlace & { readonly of?: string })[];
}

type JournalPlace = Pick<JournalDocument, 'stock' | 'objectId' | 'alertId' | 'link'>;

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
    private readonly subject: ReactionSubject,
    private readonly use: UnitUse,
  ) {}

  private get key(): string {
    return this.subject.key;
  }

  /** Writes the intent, once: an attempt after the first finds that of the first. */
  async intend({ state, message, because }: Draft): Promise<ReactionDocument> {
    const { key, channel, channelHash, rule, dueJd, of } = this.subject;
    const document = await this.store.reactions.findOneAndUpdate(
      { _id: key },
      {
        $setOnInsert: {
          ...{ channel, channelHash, rule, unit: this.use.unit, ...of, dueJd, message },
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
    const { key } = this.subject;
    const at = new Date();
    // Another attempt that was thought to be dead may have been confirmed meanwhile, or a person may have said what happened.
    const isOpen = { _id: key, state: { $nin: SETTLED }, ...(IN_DOUBT.includes(state) && NOT_PENDING) } as const;
    await this.store.reactions.updateOne(isOpen, { $set: { state, answer: kept(answer), at } });
    await this.note(state, answer.status, at);
  }

  /** Nobody asks any more what came of it, also where the receiver has it: a person has to say. */
  async abandon(answer: Answer): Promise<void> {
    const at = new Date();
    const state = 'outcome unknown';
    const isOpen = { _id: this.key, state: { $nin: SETTLED } } as const;
    await this.store.reactions.updateOne(isOpen, { $set: { state, answer: kept(answer), at } });
    await this.note(state, answer.status, at);
  }

  private async note(state: ReactionState, reason: string, at: Date): Promise<void> {
    const { key, channel, channelHash, rule, dueJd: jd } = this.subject;
    const { unit, version, configHash } = this.use;
    const trace = currentTrace();
    const tried = ONCE[state] === true ? state : `${state}/${Context.current().info.attempt}`;
    const writes = this.subject.journal(state).map(({ of, ...place }) => {
      const id = of === undefined ? `t3/${key}` : `t3/${key}/${of}`;
      const entry = {
        ...{ tier: 't3' as const, ...place, channel, channelHash, rule, jd, sequence: 0 },
        ...{ unit, version, configHash, outcome: state, reason, trace, at },
      };
      const filter = { _id: state === 'confirmed' ? id : `${id}/${tried}` };
      return { updateOne: { filter, update: { $setOnInsert: entry }, upsert: true } };
    });
    if (writes.length > 0) await this.store.journal.bulkWrite(writes, { ordered: false });
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
