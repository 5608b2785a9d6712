/** Pieces of so many go at once, so that a broker is not asked for each alert; at slow rates a tenth of a second's. */
const MOST_AT_ONCE = 50;
const PIECES_PER_SECOND = 10;
/** Time lost to a slow receiver is made up for to this extent only: then the rate is what it can take. */
const MOST_LATE_MS = 1_000;

/** Spreads what is sent over time: so many a second, 0 for as fast as it goes. */
export class Pace {
  /** When the next piece is due; undefined before the first. */
  private dueMs: number | undefined;

  constructor(private readonly perSecond: number) {}

  /** How many to send at once. */
  get pieceSize(): number {
    if (this.perSecond === 0) return MOST_AT_ONCE;
    return Math.min(MOST_AT_ONCE, Math.max(1, Math.round(this.perSecond / PIECES_PER_SECOND)));
  }

  /** How long a piece of `count` has to wait at `nowMs` before it may go. Asked once for each piece. */
  waitMs(count: number, nowMs: number): number {
    if (this.perSecond === 0) return 0;
    const dueMs = Math.max(this.dueMs ?? nowMs, nowMs - MOST_LATE_MS);
    this.dueMs = dueMs + (count * 1000) / this.perSecond;
    return Math.max(0, dueMs - nowMs);
  }

  /** After a pause nothing is made up for. */
  rest(): void {
    this.dueMs = undefined;
  }
}
