/** A line of a table: its cells by column, and where it stands. */
export interface Row {
  /** From 1, as editors count. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** What makes a text no table. */
export class BadTable extends Error {
  override readonly name = 'BadTable';
}

/**
 * A table as text (RFC 4180): a head with the columns' names, then a line a row; cells may be quoted. Empty lines and those
 * that start with # are left out. Throws `BadTable` with the line.
 */
export function readCsv(bytes: Uint8Array): Table {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadTable('is not text in UTF-8');
  }
  const lines = text.split(/\r\n|\n|\r/).map((content, index) => ({ line: index + 1, content }));
  const [head, ...rest] = lines.filter(({ content }) => content.trim() !== '' && !content.startsWith('#'));
  if (head === undefined) throw new BadTable('is empty, expected a head such as name,ra,dec');
  const columns = cellsOf(head.content, head.line).map((name) => name.toLowerCase());
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined) throw new BadTable(`line ${head.line}: column ${twice} is there twice`);
  const rows = rest.map(({ line, content }) => {
    const cells = cellsOf(content, line);
    if (cells.length !== columns.length) {
      throw new BadTable(
        `line ${line}: found ${cells.length} cells, expected ${columns.length}: ${columns.join(', ')}`,
      );
    }
    return { line, cells: Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? ''])) };
  });
  return { columns, rows };
}

/** Bare, or in quotes with "" for a quote. */
const CELL = /\s*(?:"((?:[^"]|"")*)"\s*|((?!")[^,]*))(,|$)/y;

function cellsOf(content: string, line: number): string[] {
  const cells: string[] = [];
  CELL.lastIndex = 0;
  for (;;) {
    const match = CELL.exec(content);
    if (match === null) throw new BadTable(`line ${line}: a quote is not closed, or followed by something else`);
    const [, quoted, bare = '', end] = match;
    cells.push(quoted === undefined ? bare.trim() : quoted.replaceAll('""', '"'));
    if (end === '') return cells;
  }
}
