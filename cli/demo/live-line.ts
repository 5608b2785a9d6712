import { clearLine, cursorTo } from 'node:readline';

/** A terminal, or whatever stands in for it. */
export type LiveStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Work whose figures change all the time: one line that is written over on a terminal; elsewhere what is kept of it. */
export interface LiveLine {
  /** Shows the text for now; cut where the terminal ends, as a line that wraps cannot be written over. */
  update(text: string): void;
  /** Leaves the text where the changing line was. */
  keep(text: string): void;
  /** Ends the line. What still comes is not shown. */
  end(): void;
}

const DEFAULT_COLUMNS = 80;

export function liveLine(stream: LiveStream): LiveLine {
  let isOpen = true;
  let isDirty = false;
  const draw = (text: string): void => {
    if (stream.isTTY === true) {
      cursorTo(stream, 0);
      clearLine(stream, 0);
    }
    stream.write(text);
  };
  return {
    update(text) {
      if (!isOpen || stream.isTTY !== true) return;
      draw(text.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1));
      isDirty = true;
    },
    keep(text) {
      if (!isOpen) return;
      draw(`${text}\n`);
      isDirty = false;
    },
    end() {
      if (isOpen && isDirty) stream.write('\n');
      isOpen = false;
    },
  };
}
