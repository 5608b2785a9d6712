import type { ChannelError } from '../channels/channel-error.js';

/** A terminal is wide; a line that is not for people need not be shown whole. */
const SHOWN_COLUMNS = 120;

/** Errors for people: `file:line:column path: message`, below each the line of the text with a caret at the place. */
export function channelErrorLines(errors: readonly ChannelError[], text: string): string {
  const lines = text.split('\n');
  return errors.map((error) => errorLines(error, lines[error.line - 1] ?? '')).join('\n');
}

function errorLines({ file, line, column, path, message }: ChannelError, source: string): string {
  const head = `${file}:${line}:${column}${path === '' ? '' : ` ${printable(path)}`}: ${printable(message)}`;
  if (source.trim() === '') return head;
  const from = column > SHOWN_COLUMNS ? column - SHOWN_COLUMNS / 2 : 0;
  const shown = printable(source.slice(from, from + SHOWN_COLUMNS));
  const number = String(line).padStart(5);
  return `${head}\n${number} | ${shown}\n${' '.repeat(number.length)} | ${' '.repeat(column - 1 - from)}^`;
}

/** One sign for one sign: what a terminal would obey, or a tab, must not move the caret. */
function printable(text: string): string {
  return text.trimEnd().replace(/\p{Cc}/gu, ' ');
}
