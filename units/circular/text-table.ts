/**
 * Rows in columns that begin below each other; the first row is the head. Where a line would be longer than `width`, gaps become
 * narrow, and then the first cell of each row stands on a line of its own. Cells are short enough for that.
 */
export function textTable(rows: readonly (readonly string[])[], width: number): string[] {
  for (const gap of ['  ', ' ']) {
    const lines = inColumns(rows, gap);
    if (lines.every((line) => line.length <= width)) return lines;
  }
  const rests = inColumns(
    rows.map(([, ...rest]) => rest),
    ' ',
  );
  return rows.flatMap(([first = ''], index) => [first, `  ${rests[index] ?? ''}`]);
}

function inColumns(rows: readonly (readonly string[])[], gap: string): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd(),
  );
}
