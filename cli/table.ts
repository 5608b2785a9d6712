import CliTable from 'cli-table3';

export type Cell = string | number | boolean | null | undefined;

/** The only rule is the one under the head; columns stand two blanks apart. */
const CHARS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '─', 'mid-mid': '──', right: '', 'right-mid': '', middle: '  ' },
};
/** Narrower than this, wrapped text is harder to read than a long line. */
const LEAST_WRAPPED = 24;

/**
 * Rows under a head, as text for a terminal: numbers to the right, empty cells for what is not there. Where `columns` (of
 * the terminal, undefined in a file) are too few, the last column is wrapped.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  columns: number | undefined = process.stdout.columns,
): string {
  const drawn = new CliTable({
    head: [...head],
    chars: CHARS,
    colAligns: head.map((_, column) => (isNumeric(rows, column) ? 'right' : 'left')),
    colWidths: widths([head, ...rows], columns),
    wordWrap: true,
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 0 },
  });
  drawn.push(...rows.map((row) => row.map(textOf)));
  return drawn
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function isNumeric(rows: readonly (readonly Cell[])[], column: number): boolean {
  return rows.length > 0 && rows.every((row) => typeof row[column] === 'number');
}

function widths(rows: readonly (readonly Cell[])[], columns: number | undefined): number[] {
  const natural = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => textOf(row[column]).length)));
  const others = natural.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = natural.at(-1) ?? 0;
  const left = columns === undefined ? last : Math.max(columns - others, LEAST_WRAPPED);
  return [...natural.slice(0, -1), Math.min(last, left)];
}

function textOf(cell: Cell): string {
  return String(cell ?? '');
}
