import { clearLine, cursorTo } from 'node:readline';
import type { ProgressStream } from './progress-line.js';

/** One line that says how something stands. */
export interface StatusLine {
  readonly show: (text: string) => void;
  /** Takes the line away, so that what is printed next starts on a line of its own. */
  readonly end: () => void;
}

/** A log file needs no line a second. */
const LOGGED_EVERY_MS = 10_000;

/** Writes over one line of a terminal; elsewhere a line now and then, none that says the same. */
export function statusLine(
  stream: ProgressStream & { readonly columns?: number } = process.stderr,
  now: () => number = Date.now,
): StatusLine {
  return stream.isTTY === true ? terminalLine(stream) : logLines(stream, now);
}

function terminalLine(stream: NodeJS.WritableStream & { readonly columns?: number }): StatusLine {
  const clear = (): void => {
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  return {
    show: (text) => {
      clear();
      // A line that wraps could not be taken away again.
      stream.write(text.slice(0, (stream.columns ?? Infinity) - 1));
    },
    end: clear,
  };
}

function logLines(stream: NodeJS.WritableStream, now: () => number): StatusLine {
  let logged = '';
  let loggedMs = -Infinity;
  return {
    show: (text) => {
      if (text === logged || now() - loggedMs < LOGGED_EVERY_MS) return;
      logged = text;
      loggedMs = now();
      stream.write(`${text}\n`);
    },
    end: () => undefined,
  };
}
