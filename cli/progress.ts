import { SingleBar } from 'cli-progress';

/** What is shown of long work on standard error. */
export interface CountProgress {
  /** `count` of them are done. */
  update(count: number): void;
  /** Takes the bar away, so that what is printed next starts on a line of its own. A later `update` brings it back. */
  end(): void;
}

export interface CountProgressOptions {
  /** What is counted: `alerts`. */
  readonly of: string;
  /** How many there will be, where that is known. */
  readonly total?: number;
  /** False shows nothing: the lines of the command itself tell how far it is. */
  readonly isWanted?: boolean;
  readonly stream?: NodeJS.WritableStream & { readonly isTTY?: boolean };
  /** The bar appears after so long: work that is done by then needs none, and `| less` has its screen by then. */
  readonly delayMs?: number;
}

/** In a log file: one line for so many. */
const LOGGED_EVERY = 10_000;

/** Shows a count: a bar on a terminal, a line now and then elsewhere. */
export function countProgress(options: CountProgressOptions): CountProgress {
  const { stream = process.stderr, isWanted = true } = options;
  if (!isWanted) return { update: () => undefined, end: () => undefined };
  return stream.isTTY === true ? bar(options, stream) : logLines(options, stream);
}

function bar({ of, total, delayMs = 1000 }: CountProgressOptions, stream: NodeJS.WritableStream): CountProgress {
  const format = total === undefined ? `{value} ${of}, {duration_formatted}` : `[{bar}] {value} of {total} ${of}`;
  const drawn = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: null, gracefulExit: false });
  const startMs = Date.now();
  const end = (): void => {
    process.off('exit', end);
    drawn.stop();
  };
  return {
    update: (count) => {
      if (drawn.isActive) drawn.update(count);
      else if (Date.now() - startMs >= delayMs) {
        drawn.start(total ?? 0, count);
        // Also where the program ends in the middle of its work: the reader of a pipe has seen enough.
        process.on('exit', end);
      }
    },
    end,
  };
}

function logLines({ of, total }: CountProgressOptions, stream: NodeJS.WritableStream): CountProgress {
  let logged = 0;
  return {
    update: (count) => {
      if (count - logged < LOGGED_EVERY) return;
      logged = count;
      stream.write(`${count}${total === undefined ? '' : ` of ${total}`} ${of}\n`);
    },
    end: () => undefined,
  };
}
