import { SingleBar } from 'cli-progress';

/** What is shown of long work on standard error. */
export interface CountProgress {
  /** `count` of them are done. */
  update(count: number): void;
  /** Takes the bar away, so that what is printed next starts on a line of its own. */
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
}

/** In a log file: one line for so many. */
const LOGGED_EVERY = 10_000;

/** Shows a count: a bar on a terminal, a line now and then elsewhere. */
export function countProgress(options: CountProgressOptions): CountProgress {
  const { stream = process.stderr, isWanted = true } = options;
  if (!isWanted) return { update: () => undefined, end: () => undefined };
  return stream.isTTY === true ? bar(options, stream) : logLines(options, stream);
}

function bar({ of, total }: CountProgressOptions, stream: NodeJS.WritableStream): CountProgress {
  const format = total === undefined ? `{value} ${of}, {duration_formatted}` : `[{bar}] {value} of {total} ${of}`;
  const drawn = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: null });
  drawn.start(total ?? 0, 0);
  return {
    update: (count) => {
      drawn.update(count);
    },
    end: () => {
      drawn.stop();
    },
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
