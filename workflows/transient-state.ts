import type { Deadline } from '../model/deadline.js';
import { jdOfUnixMs, unixMsOfJd } from '../model/julian-date.js';
import type {
  ApprovalAnswer,
  Clock,
  DecideOutcome,
  DetectionRef,
  FailedTask,
  ReactOutcome,
  UnitOutcome,
} from '../model/transient.js';
import { DecisionQueue, type CarriedQueue, type DecideProblem } from './decision-queue.js';
import { PendingApprovals, type CarriedApprovals, type WaitingApproval } from './pending-approvals.js';
import { PendingDeadlines } from './pending-deadlines.js';
import { UnitLedger, type CarriedUnits } from './unit-ledger.js';

export interface TransientInput {
  readonly survey: string;
  readonly objectId: string;
  readonly stock: string;
  readonly clock: Clock;
  /** History length at which the run continues as new; default 1,000 events. */
  readonly maxHistoryEvents?: number;
  /** Wall time without news after which the transient closes; the next detection reopens it. */
  readonly quietMs?: number;
  readonly carried?: CarriedState;
}

/** Plain JSON only: what a run hands to the next. */
export interface CarriedState {
  readonly queue: CarriedQueue;
  readonly pending: readonly Deadline[];
  readonly settled?: readonly string[];
  readonly units: CarriedUnits;
  readonly reactions: readonly Deadline[];
  readonly approvals?: CarriedApprovals;
  readonly streamJd: number;
  readonly lastNewsMs: number;
}

/** What the status query answers. */
export interface TransientStatus {
  /** Alerts decided on. */
  readonly alerts: number;
  /** Alerts that wait for their decision. */
  readonly queued: number;
  /** Why they wait, where decisions fail. */
  readonly problem?: DecideProblem;
  /** Units that run or wait for a place. */
  readonly running: readonly string[];
  readonly failed: readonly FailedTask[];
  readonly reacting: readonly string[];
  readonly waiting: readonly { readonly channel: string; readonly rule: string; readonly dueJd: number }[];
  /** Reactions that wait for a person, by key. */
  readonly approvals?: readonly string[];
}

/** When the transient has to look again, and what for. */
export interface Wake {
  readonly atMs: number;
  readonly for: Deadline | DecideProblem | WaitingApproval | 'quiet';
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Longer than bad weather and full moon; closing loses nothing, as the next detection reopens. */
const QUIET_LIVE_MS = 30 * DAY_MS;
/** An archive passes in minutes; what comes later reopens the transient. */
const QUIET_STREAM_MS = 10 * MINUTE_MS;
/** Only an open transient can run a failed unit again, and on-call may need weeks for a repair. */
const QUIET_WITH_FAILURES_MS = 30 * DAY_MS;

/** All that a transient knows, as pure bookkeeping: the workflow acts on it and tells it what came of that. */
export class TransientState {
  readonly queue: DecisionQueue;
  readonly deadlines: PendingDeadlines;
  readonly units: UnitLedger;
  readonly approvals: PendingApprovals;
  /** Grows with everything that is learnt: who has acted on this number has acted on it all. */
  changes = 0;
  /** The deadlines that the decision under way knows of. */
  private asked: readonly Deadline[] = [];
  /** Reactions to start, in order of event time. */
  private readonly ready: Deadline[];
  private readonly reacting = new Map<string, Deadline>();
  private streamJd: number;
  private lastNewsMs: number;

  constructor(
    private readonly input: TransientInput,
    nowMs: number,
  ) {
    const { carried } = input;
    this.queue = new DecisionQueue(carried?.queue);
    this.deadlines = new PendingDeadlines(input.stock, carried?.pending, carried?.settled);
    this.units = new UnitLedger(carried?.units);
    this.approvals = new PendingApprovals(carried?.approvals);
    this.ready = [...(carried?.reactions ?? [])];
    this.streamJd = carried?.streamJd ?? 0;
    this.lastNewsMs = carried?.lastNewsMs ?? nowMs;
  }

  // ---------------------------------------------------------------- news

  addDetections(detections: readonly DetectionRef[], nowMs: number): void {
    this.queue.add(detections);
    this.lastNewsMs = nowMs;
    this.changes++;
  }

  /** Event time of the stream (Julian date); it never goes back. */
  advanceClock(jd: number, nowMs: number): void {
    if (!Number.isFinite(jd)) return;
    this.streamJd = Math.max(this.streamJd, jd);
    this.lastNewsMs = nowMs;
    this.changes++;
  }

  /** A timer has fired. */
  wake(): void {
    this.changes++;
  }

  // ---------------------------------------------------------------- decisions, units, reactions

  /** The alerts to decide on now, in their order. */
  takeDetections(nowMs: number): readonly DetectionRef[] {
    const detections = this.queue.take(nowMs);
    if (detections.length > 0) this.asked = this.deadlines.waiting;
    return detections;
  }

  decided(outcome: DecideOutcome): void {
    const { took } = outcome;
    this.queue.succeed(took?.alerts);
    this.deadlines.merge(took?.deadlines ?? this.asked.map(({ key }) => key), outcome);
    this.units.add(outcome.tasks);
    this.ready.push(...outcome.due);
    this.changes++;
  }

  decideFailed(error: string, nowMs: number): void {
    this.queue.fail(error, nowMs);
    this.changes++;
  }

  unitSucceeded(key: string, { deadlines, clockJd = 0 }: UnitOutcome): void {
    this.units.succeed(key);
    this.deadlines.add(deadlines);
    this.streamJd = Math.max(this.streamJd, clockJd);
    this.changes++;
  }

  unitFailed(key: string, error: string): void {
    this.units.fail(key, error);
    this.changes++;
  }

  /** Asks for what failed of a unit again and tells how many computations that are. */
  rerun(unit: string, because: string): number {
    this.changes++;
    return this.units.rerun(unit, because);
  }

  /** The reactions to start now. An alert that came before a deadline is decided before that falls due. */
  takeReactions(nowMs: number): readonly Deadline[] {
    const due = this.queue.length > 0 ? [] : this.deadlines.takeDue(this.nowJd(nowMs));
    this.ready.push(...this.approvals.takeUnanswered(nowMs));
    const once = new Map([...this.ready.splice(0), ...due].map((deadline) => [deadline.key, deadline]));
    const ready = [...once.values()].filter(({ key }) => !this.reacting.has(key));
    const start = ready.filter((deadline) => !this.needsUnits(deadline));
    this.ready.push(...ready.filter((deadline) => this.needsUnits(deadline)));
    for (const deadline of start) this.reacting.set(deadline.key, deadline);
    return start;
  }

  /** False where it is under way. */
  reactAgain(deadline: Deadline): boolean {
    if (this.reacting.has(deadline.key)) return false;
    this.ready.push(deadline);
    this.changes++;
    return true;
  }

  /** A person has said yes or no to a reaction; what waits no longer is told so by its document. */
  approve(deadline: Deadline, answer: ApprovalAnswer): boolean {
    if (this.reacting.has(deadline.key)) return false;
    this.approvals.answer(deadline.key, answer);
    this.ready.push(deadline);
    this.changes++;
    return true;
  }

  /** Without an outcome it has failed. */
  reactionEnded(deadline: Deadline, outcome?: ReactOutcome): void {
    this.reacting.delete(deadline.key);
    this.approvals.ended(deadline.key);
    if (outcome?.untilMs !== undefined) this.approvals.wait(deadline, outcome.untilMs);
    this.changes++;
  }

  // ---------------------------------------------------------------- time

  /** True while activities are under way that the next run would have to start again. */
  get isWorking(): boolean {
    return this.queue.isDeciding || this.units.running.length + this.reacting.size > 0;
  }

  /** True where nothing has happened for long and nothing is waited for. */
  isQuiet(nowMs: number): boolean {
    return this.isIdle && nowMs >= this.lastNewsMs + this.quietMs;
  }

  /** When to look again if no news comes; undefined while only news can change anything. */
  nextWake(): Wake | undefined {
    const { isDeciding, problem } = this.queue;
    if (isDeciding) return undefined;
    if (this.queue.length > 0) return problem && { atMs: problem.retryAtMs, for: problem };
    const { first } = this.deadlines;
    // Rounded up: a timer that fires half a millisecond early would have to be set again.
    const due = this.isLive && first !== undefined ? { atMs: unixMsOfJd(first.dueJd) + 1, for: first } : undefined;
    const approval = this.approvals.first;
    if (approval !== undefined && approval.untilMs < (due?.atMs ?? Infinity)) {
      return { atMs: approval.untilMs, for: approval };
    }
    if (due !== undefined) return due;
    return this.isIdle ? { atMs: this.lastNewsMs + this.quietMs, for: 'quiet' } : undefined;
  }

  // ---------------------------------------------------------------- reports

  /** What a person would want to know first. */
  get stage(): 'following' | 'failed unit' | 'cannot decide' {
    if (this.queue.problem !== undefined) return 'cannot decide';
    return this.units.failed.length > 0 ? 'failed unit' : 'following';
  }

  status(): TransientStatus {
    const { queue, units, deadlines, approvals } = this;
    const asked = approvals.waiting.map(({ deadline }) => deadline.key);
    return {
      alerts: queue.decided,
      queued: queue.length,
      ...(queue.problem && { problem: queue.problem }),
      running: [...units.running, ...units.waiting].map(({ unit }) => unit),
      failed: units.failed,
      reacting: [...this.reacting.values(), ...this.ready].map(({ channel, rule }) => `${channel}: ${rule}`),
      waiting: deadlines.waiting.map(({ channel, rule, dueJd }) => ({ channel, rule, dueJd })),
      ...(asked.length > 0 && { approvals: asked }),
    };
  }

  carried(): CarriedState {
    const { waiting: pending, settled } = this.deadlines;
    const approvals = this.approvals.carried();
    return {
      queue: this.queue.carried(),
      pending,
      ...(settled && { settled }),
      units: this.units.carried(),
      reactions: [...this.reacting.values(), ...this.ready],
      ...(approvals && { approvals }),
      streamJd: this.streamJd,
      lastNewsMs: this.lastNewsMs,
    };
  }

  /** Days of a stream pass in seconds: what live operation would have computed by then is computed first. */
  private needsUnits({ dueJd, setJd, link }: Deadline): boolean {
    if (this.isLive || dueJd <= setJd) return false;
    return [...this.units.running, ...this.units.waiting].some((task) => (task.state ?? task.link) === link);
  }

  private get isLive(): boolean {
    return this.input.clock === 'live';
  }

  private get isIdle(): boolean {
    const { queue, units, deadlines } = this;
    const waiting = queue.length + units.waiting.length + this.ready.length + deadlines.waiting.length;
    return !this.isWorking && waiting + this.approvals.waiting.length === 0;
  }

  private get quietMs(): number {
    const quietMs = this.input.quietMs ?? (this.isLive ? QUIET_LIVE_MS : QUIET_STREAM_MS);
    return this.units.failed.length > 0 ? Math.max(quietMs, QUIET_WITH_FAILURES_MS) : quietMs;
  }

  private nowJd(nowMs: number): number {
    return this.isLive ? jdOfUnixMs(nowMs) : this.streamJd;
  }
}
