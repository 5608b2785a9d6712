import { clearLine, cursorTo } from 'node:readline';
import type { Progress } from '../servers/progress.js';

/** A terminal, or whatever stands in for it: messages go here and never to standard output. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

export interface ProgressLine {
  readonly report: (progress: Progress) => void;
  /** Ends the line, so that what is printed next starts on its own. */
  readonly end: () => void;
}

const REDRAW_MS = 100;

/** Shows progress on one line that is written over on a terminal, and as one line a step elsewhere (a log file). */
export function progressLine(stream: ProgressStream = process.stderr): ProgressLine {
  return stream.isTTY === true ? terminalLine(stream) : logLines(stream);
}

function terminalLine(stream: NodeJS.WritableStream): ProgressLine {
  let step = '';
  let drawnMs = 0;
  return {
    report: (progress) => {
      const isNewStep = progress.message !== step;
      if (isNewStep && step !== '') stream.write('\n');
      if (!isNewStep && Date.now() - drawnMs < REDRAW_MS) return;
      step = progress.message;
      drawnMs = Date.now();
      cursorTo(stream, 0);
      clearLine(stream, 0);
      stream.write(`${progress.message}${amount(progress)}`);
    },
    end: () => {
      if (step !== '') stream.write('\n');
      step = '';
    },
  };
}

function logLines(stream: NodeJS.WritableStream): ProgressLine {
  let step = '';
  return {
    report: ({ message }) => {
      if (message !== step) stream.write(`${message}\n`);
      step = message;
    },
    end: () => undefined,
  };
}

/** ` 12 of 45 MB`, ` 12 MB` where the whole is unknown, ` 7 s` where only the time is known. */
function amount({ receivedBytes, totalBytes, elapsedS, done, of: all }: Progress): string {
  if (done !== undefined) return all === undefined ? ` ${done}` : ` ${done} of ${all}`;
  if (receivedBytes === undefined) return elapsedS === undefined ? '' : ` ${elapsedS} s`;
  const of = totalBytes === undefined ? '' : ` of ${megabytes(totalBytes)}`;
  return ` ${megabytes(receivedBytes)}${of} MB`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
