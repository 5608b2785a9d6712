import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { Unreadable } from '../avro/unreadable.js';
import { readNotice } from './read-notice.js';

const FOLDER = join(sharedData, 'gcn');
const PAGE = new URL('../../docs/gcn.md', import.meta.url);

function bytesOf(file: string): Buffer {
  const bytes = readFileSync(join(FOLDER, file));
  return file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Rows of the page: file, event, kind, role, revision. */
function tableRows(): string[][] {
  const lines = readFileSync(PAGE, 'utf8').split('\n');
  return lines
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter(([file]) => file?.startsWith('`') && /\.(json|xml|gz)`$/.test(file))
    .map(([file = '', ...cells]) => [file.replaceAll('`', ''), ...cells]);
}

function outcome(file: string): string[] {
  try {
    const { notice } = readNotice(bytesOf(file));
    return [file, notice.eventId, notice.kind, notice.role, notice.revision?.toString() ?? ''];
  } catch (error) {
    if (!(error instanceof Unreadable) || error.kind !== 'not-a-notice') throw error;
    const what = error.message.includes('circular') ? 'a circular' : /a part of notices/.exec(error.message)?.[0];
    return [file, `refused: ${String(what)}`, '', '', ''];
  }
}

describeWithData('the notices of the test data', () => {
  it('are all in the table of the page, with event, kind, role and revision as the table says', () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
      .map((file) => file.split(sep).join('/'))
      .filter((file) => /\.(json|xml|json\.gz)$/.test(file));
    expect(tableRows().map(([file]) => file)).toEqual(files.sort());
    expect(files.map(outcome)).toEqual(tableRows());
  });

  it('have ids of their own, every one', () => {
    const ids = tableRows()
      .filter(([, event]) => !event?.startsWith('refused'))
      .map(([file = '']) => readNotice(bytesOf(file)).notice.noticeId);
    expect(ids).toHaveLength(68);
    expect(new Set(ids).size).toBe(68);
  });

  it('carry two real sky maps of LIGO/Virgo: 777,600 bytes of FITS each, beside the notice and not in it', () => {
    for (const kind of ['preliminary', 'update']) {
      const { notice, skyMap } = readNotice(bytesOf(`lvk_userguide/MS181101ab-${kind}.json.gz`));
      const sha256 = 'db875e1b8cc8142616de659919995b6239be1ed7e5f73651f5588f841b030d29';
      expect(notice.skyMap).toEqual({ embedded: { sha256, sizeBytes: 777_600, mediaType: 'image/fits' } });
      expect([skyMap?.sha256, skyMap?.bytes.length]).toEqual([sha256, 777_600]);
      expect(skyMap?.bytes.toString('latin1', 0, 30)).toBe('SIMPLE  =                    T');
      expect(JSON.stringify(notice).length).toBeLessThan(3000);
    }
  });

  it('warn of the placeholders that three official examples have for a map, and are read', () => {
    const warnings = tableRows()
      .filter(([, event]) => !event?.startsWith('refused'))
      .flatMap(([file = '']) => readNotice(bytesOf(file)).notice.warnings);
    expect(warnings).toEqual([
      'healpix_file is "stuff" (5 characters), expected base64: no sky map taken',
      'healpix_file is "stuff" (5 characters), expected base64: no sky map taken',
      'healpix_file is "hhhh..." (7 characters), expected base64: no sky map taken',
    ]);
  });
});
