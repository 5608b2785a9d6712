import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describeWithData, sharedData } from '../test/shared-data.js';
import { readArchive } from './archive/archive.js';
import { Unreadable } from './avro/unreadable.js';
import { isBad } from './packet.js';
import { surveyOf } from './surveys.js';
import { ztf } from './ztf/survey.js';

/** Files and the outcome of reading them stand in these pages, by their path inside the folder. */
const PAGES = { ztf: 'streams.md', lsst: 'lsst.md', gcn: 'gcn.md' } as const;

/** Cells of all tables of a page whose first is a name in backquotes. */
function rowsOf(page: string): string[][] {
  const lines = readFileSync(new URL(`../docs/${page}`, import.meta.url), 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** Files of a data folder by their paths in it, in order of names. */
function filesOf(folder: string): string[] {
  return readdirSync(join(sharedData, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(sharedData, folder).length + 1))
    .map((path) => path.split(sep).join('/'))
    .sort();
}

/** True where the first cell of a row means this file; `…` stands for a part of a name. */
function meansFile([cell = '']: readonly string[], file: string): boolean {
  const name = /`([^`]+)`/.exec(cell)?.[1] ?? '';
  const parts = name.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(file);
}

/** How often each comes: `a, 3 × b`. */
function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => (count === 1 ? text : `${count} × ${text}`)).join(', ');
}

/** The file's row as the reader has it: versions of schemas, alerts, objects, what is refused. */
async function readRow(file: string): Promise<string[]> {
  const versions = new Set<string>();
  const objects = new Set<string>();
  const refused: string[] = [];
  let alerts = 0;
  for await (const packet of readArchive([join(sharedData, 'ztf', file)])) {
    try {
      if (isBad(packet)) throw packet.problem;
      expect(surveyOf(packet.schema)).toBe(ztf);
      objects.add(ztf.readAlert(packet).objectId);
      alerts++;
      const schema = JSON.parse(packet.schema.json) as { readonly version?: string };
      versions.add(schema.version ?? 'none');
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      refused.push(`\`${error.kind}\``);
    }
  }
  return [`\`${file}\``, [...versions].sort().join(', '), String(alerts), String(objects.size), counted(refused)];
}

describeWithData('the files of the test data', () => {
  it('stand each in a table of the pages, those of ZTF, LSST and GCN', () => {
    for (const [folder, page] of Object.entries(PAGES)) {
      const rows = [...rowsOf(page), ...rowsOf('streams.md')];
      const files = filesOf(folder);
      const missing = files.filter((file) => !rows.some((row) => meansFile(row, file)));
      // A shortened name must not swallow the next file that is put beside its own.
      const vague = rows.filter((row) => files.filter((file) => meansFile(row, file)).length > 1);
      expect([folder, missing, vague]).toEqual([folder, [], []]);
    }
  });

  it('of ZTF are read as the table says: schemas, alerts, objects, and what is refused', async () => {
    const rows: string[][] = [];
    for (const file of filesOf('ztf')) rows.push(await readRow(file));
    const files = new Set(filesOf('ztf').map((file) => `\`${file}\``));
    expect(rowsOf('streams.md').filter(([file = '']) => files.has(file))).toEqual(rows);
  });
});
