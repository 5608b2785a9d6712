import type { DetectionRef } from '../model/transient.js';

/** Decisions that cannot be made: the alerts wait, everything else goes on. */
export interface DecideProblem {
  readonly error: string;
  readonly attempts: number;
  readonly retryAtMs: number;
}

/** What is handed to the next run: plain JSON. */
export interface CarriedQueue {
  readonly waiting: readonly DetectionRef[];
  readonly seen: readonly string[];
  readonly decided: number;
  readonly problem?: DecideProblem;
}

/** Redelivered alerts are recent ones; older ones the store tells apart. */
const MAX_SEEN = 500;
/** A decision's outcome is one payload of at most 2 MB: 100 alerts for 20 channels stay under 500 kB. */
const MAX_ALERTS_A_DECISION = 100;
/** A short failure is over after seconds; each further try costs six events. */
const FIRST_RETRY_MS = 10_000;
/** An outage of a day stays under 2,000 events, and its end is noticed within minutes. */
const MAX_RETRY_MS = 5 * 60_000;

/** The alert references in what a signal brought. A person can send one from the Temporal UI: what is none is left out. */
export function detectionRefs(signalled: unknown): DetectionRef[] {
  return Array.isArray(signalled) ? signalled.filter(isDetectionRef) : [];
}

function isDetectionRef(value: unknown): value is DetectionRef {
  if (typeof value !== 'object' || value === null) return false;
  const { alertId, jd, channels }: { alertId?: unknown; jd?: unknown; channels?: unknown } = value;
  return typeof alertId === 'string' && Number.isFinite(jd) && Array.isArray(channels);
}

/** Alerts of one object in the order in which they came, until they are decided on. */
export class DecisionQueue {
  private readonly waiting: DetectionRef[];
  private readonly seen: Set<string>;
  private deciding: readonly DetectionRef[] = [];
  private decidedCount: number;
  private currentProblem: DecideProblem | undefined;

  constructor(carried?: CarriedQueue) {
    this.waiting = [...(carried?.waiting ?? [])];
    this.seen = new Set([...(carried?.seen ?? []), ...this.waiting.map(({ alertId }) => alertId)]);
    this.decidedCount = carried?.decided ?? 0;
    this.currentProblem = carried?.problem;
  }

  /** Alerts not yet decided on. */
  get length(): number {
    return this.waiting.length + this.deciding.length;
  }

  get decided(): number {
    return this.decidedCount;
  }

  get isDeciding(): boolean {
    return this.deciding.length > 0;
  }

  get problem(): DecideProblem | undefined {
    return this.currentProblem;
  }

  /** Queues alerts; one that came before is dropped, as a stream delivers at least once. */
  add(detections: readonly DetectionRef[]): void {
    for (const detection of detections) {
      if (this.seen.has(detection.alertId)) continue;
      this.seen.add(detection.alertId);
      this.waiting.push(detection);
    }
  }

  /** The alerts to decide on now; none while a decision is under way or has to wait for its next try. */
  take(nowMs: number): readonly DetectionRef[] {
    if (this.isDeciding || nowMs < (this.currentProblem?.retryAtMs ?? 0)) return [];
    this.deciding = this.waiting.splice(0, MAX_ALERTS_A_DECISION);
    return this.deciding;
  }

  /** `took`: the alerts that the decision knew of, all of them by default. The others go back to the front. */
  succeed(took?: readonly string[]): void {
    const rest = took === undefined ? [] : this.deciding.filter(({ alertId }) => !took.includes(alertId));
    this.decidedCount += this.deciding.length - rest.length;
    this.waiting.unshift(...rest);
    this.deciding = [];
    this.currentProblem = undefined;
  }

  /** The alerts go back to the front, to be tried again later. */
  fail(error: string, nowMs: number): void {
    this.waiting.unshift(...this.deciding);
    this.deciding = [];
    const attempts = (this.currentProblem?.attempts ?? 0) + 1;
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MAX_RETRY_MS);
    this.currentProblem = { error, attempts, retryAtMs: nowMs + waitMs };
  }

  carried(): CarriedQueue {
    return {
      waiting: [...this.deciding, ...this.waiting],
      seen: [...this.seen].slice(-MAX_SEEN),
      decided: this.decidedCount,
      ...(this.currentProblem && { problem: this.currentProblem }),
    };
  }
}
