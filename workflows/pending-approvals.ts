import type { Deadline } from '../model/deadline.js';
import type { ApprovalAnswer } from '../model/transient.js';

/** A reaction that waits for a person, at most until then (Unix time, ms). */
export interface WaitingApproval {
  readonly deadline: Deadline;
  readonly untilMs: number;
}

/** What is handed to the next run: plain JSON. */
export interface CarriedApprovals {
  readonly waiting: readonly WaitingApproval[];
  readonly answers: Readonly<Record<string, ApprovalAnswer>>;
}

/** Reactions of one object that wait for a person to say yes, and what was said of those that go on. */
export class PendingApprovals {
  private readonly pending: Map<string, WaitingApproval>;
  private readonly answers: Map<string, ApprovalAnswer>;

  constructor({ waiting, answers }: CarriedApprovals = { waiting: [], answers: {} }) {
    this.pending = new Map(waiting.map((one) => [one.deadline.key, one]));
    this.answers = new Map(Object.entries(answers));
  }

  get waiting(): readonly WaitingApproval[] {
    return [...this.pending.values()];
  }

  /** The one whose time ends first. */
  get first(): WaitingApproval | undefined {
    return this.waiting.reduce<WaitingApproval | undefined>(
      (first, one) => (first === undefined || one.untilMs < first.untilMs ? one : first),
      undefined,
    );
  }

  wait(deadline: Deadline, untilMs: number): void {
    this.answers.delete(deadline.key);
    this.pending.set(deadline.key, { deadline, untilMs });
  }

  answer(key: string, answer: ApprovalAnswer): void {
    this.pending.delete(key);
    this.answers.set(key, answer);
  }

  answerOf(key: string): ApprovalAnswer | undefined {
    return this.answers.get(key);
  }

  ended(key: string): void {
    this.answers.delete(key);
  }

  /** Says no to those whose time has ended, which are taken out. */
  takeUnanswered(nowMs: number): Deadline[] {
    const ended = this.waiting.filter(({ untilMs }) => untilMs <= nowMs).map(({ deadline }) => deadline);
    for (const { key } of ended) this.answer(key, { granted: false, by: 'nobody', why: 'no answer came in time' });
    return ended;
  }

  /** Undefined where there is nothing to hand over. */
  carried(): CarriedApprovals | undefined {
    if (this.pending.size + this.answers.size === 0) return undefined;
    return { waiting: this.waiting, answers: Object.fromEntries(this.answers) };
  }
}
