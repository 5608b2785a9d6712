import { progressLine } from '../progress-line.js';
import { countProgress, type CountProgress } from '../progress.js';
import type { ReportProgress } from '../../servers/progress.js';
import { liveLine, type LiveLine } from './live-line.js';

/** What the demo is doing, told on stderr: a line a step. */
export interface Steps {
  /** Begins a step, which ends the one before. `name` is for the account of time. */
  begin(name: string, message: string): void;
  /** Tells how far a part of the step is. */
  readonly report: ReportProgress;
  /** A bar for the step, on a terminal. */
  count(of: string, total?: number): CountProgress;
  /** A line for the step that changes all the time; it ends with the step. */
  live(): LiveLine;
  /** Ends the last step and answers what each took (s), in their order. */
  end(): Readonly<Record<string, number>>;
}

export function createSteps(stream = process.stderr): Steps {
  const line = progressLine(stream);
  const seconds: Record<string, number> = {};
  let current: { name: string; sinceMs: number } | undefined;
  let live: LiveLine | undefined;
  const finish = (): void => {
    live?.end();
    line.end();
    if (current !== undefined) seconds[current.name] = Math.round((Date.now() - current.sinceMs) / 100) / 10;
    current = undefined;
  };
  return {
    begin(name, message) {
      finish();
      current = { name, sinceMs: Date.now() };
      line.report({ message });
    },
    report: line.report,
    count(of, total) {
      line.end();
      return countProgress({ of, ...(total !== undefined && { total }), stream, delayMs: 0 });
    },
    live() {
      line.end();
      return (live = liveLine(stream));
    },
    end() {
      finish();
      return seconds;
    },
  };
}
