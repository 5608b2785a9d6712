import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { LSST_SCHEMA } from '../../test/lsst-packet.js';
import { problemOf } from '../../test/problem-of.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { readLocalSchemas } from './local-schemas.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-schemas-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

async function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const record = (name: string, fields: unknown, namespace = 'lsst.v7_3'): string =>
  JSON.stringify({ type: 'record', name, namespace, fields });
/** An alert that names its source twice, once by its full name. */
const ALERT = record('alert', [
  { name: 'diaSource', type: 'lsst.v7_3.diaSource' },
  { name: 'prvDiaSources', type: ['null', { type: 'array', items: 'diaSource' }] },
]);
const SOURCE = record('diaSource', [{ name: 'psfFlux', type: ['null', 'float'], default: null }]);
const FILES = { '7/3/lsst.v7_3.alert.avsc': ALERT, '7/3/lsst.v7_3.diaSource.avsc': SOURCE };

describe('schemas in files that refer to each other', () => {
  it.each([
    ['a folder', () => write(FILES)],
    [
      'a tar.gz',
      async () => {
        await writeFile(join(folder, 'schemas.tar.gz'), gzipSync(await tarOf({ ...FILES, 'README.md': '# Schemas' })));
        return join(folder, 'schemas.tar.gz');
      },
    ],
    [
      'a tar',
      async () => {
        await writeFile(join(folder, 'schemas.tar'), await tarOf(FILES));
        return join(folder, 'schemas.tar');
      },
    ],
  ])('are put together from %s, by number and by name', async (_, pathOf) => {
    const schemas = await readLocalSchemas(await pathOf());
    expect([schemas.ids, schemas.names]).toEqual([[703], ['lsst.v7_3.alert']]);
    const schema = schemas.schema(703);
    expect(schema).toBe(schemas.named('lsst.v7_3.alert'));
    expect(schema).toMatchObject({ rootName: 'lsst.v7_3.alert', rootFields: ['diaSource', 'prvDiaSources'] });
    const bytes = Buffer.from([2, 0, 0, 128, 63, 2, 2, 0, 0]);
    expect(schema.decoder({ diaSource: true, prvDiaSources: true })(bytes, 0)).toEqual({
      offset: bytes.length,
      value: { diaSource: { psfFlux: 1 }, prvDiaSources: [{ psfFlux: null }] },
    });
  });

  it('have no number outside of folders MAJOR/MINOR', async () => {
    const schemas = await readLocalSchemas(await write({ 'a.alert.avsc': ALERT, 'a.diaSource.avsc': SOURCE }));
    expect([schemas.ids, schemas.names]).toEqual([[], ['lsst.v7_3.alert']]);
    expect(problemOf(() => schemas.schema(703)).message).toBe('unknown schema id 703, known none yet');
    expect(problemOf(() => schemas.named('lsst.v7_4.alert')).message).toBe(
      'unknown schema lsst.v7_4.alert, known lsst.v7_3.alert',
    );
  });

  it('may be one file with all in it', async () => {
    const schemas = await readLocalSchemas(await write({ '9/9/alert.avsc': JSON.stringify(LSST_SCHEMA) }));
    expect(schemas.schema(909).rootName).toBe('lsst.v9_9.alert');
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['no schema', { 'README.md': '# Schemas' }, 'there are no schemas (.avsc) in '],
    ['no JSON', { 'a.avsc': '{"type":' }, 'a.avsc is not JSON'],
    [
      'no record',
      { 'a.avsc': '{"type":"enum","name":"band","symbols":["g"]}' },
      'a.avsc is no Avro record with a name',
    ],
    ['a record twice', { 'a.avsc': SOURCE, 'b.avsc': SOURCE }, 'a.avsc and b.avsc both define lsst.v7_3.diaSource'],
    ['a record without fields', { 'a.avsc': record('alert', undefined) }, 'a.avsc defines a record without fields'],
    [
      'a number twice',
      { '7/3/a.avsc': ALERT, '7/3/b.avsc': record('alert', [], 'other') },
      'lsst.v7_3.alert and other.alert in ',
    ],
  ])('are refused as a whole where there is %s', async (_, files, message) => {
    await expect(readLocalSchemas(await write(files))).rejects.toThrow(message);
  });

  it('are refused where the tar is damaged or none', async () => {
    const path = join(folder, 'schemas.tar.gz');
    await writeFile(path, gzipSync(await tarOf(FILES)).subarray(0, 200));
    await expect(readLocalSchemas(path)).rejects.toThrow(`${path} is no tar of schemas: `);
    await writeFile(path, 'no tar at all'.repeat(100));
    await expect(readLocalSchemas(path)).rejects.toThrow(`${path} is no tar of schemas: `);
  });

  it('tell of a part that is not there when they are used', async () => {
    const schemas = await readLocalSchemas(await write({ '7/3/a.avsc': ALERT }));
    const problem = problemOf(() => schemas.schema(703));
    expect(problem.kind).toBe('schema');
    expect(problem.message).toContain('lsst.v7_3.diaSource');
  });
});

describeWithData('the schemas that LSST and ELAsTiCC published', () => {
  it('are all read: LSST 3.0 to 11.0', async () => {
    const schemas = await readLocalSchemas(join(sharedData, 'lsst/schema/alert_packet_schemas.tar.gz'));
    expect(schemas.ids).toEqual([300, 400, 500, 600, 601, 700, 701, 702, 703, 704, 800, 900, 1000, 1100]);
    for (const id of schemas.ids) {
      const version = `v${Math.floor(id / 100)}_${id % 100}`;
      expect(schemas.schema(id).rootName).toBe(`lsst.${version}.alert`);
      expect(schemas.schema(id).rootFields).toContain('diaSource');
    }
  });

  it('are all read: ELAsTiCC 0.9.1, which its messages do not number', async () => {
    const schemas = await readLocalSchemas(join(sharedData, 'lsst/schema/elasticc_v0_9_1_schemas.tar.gz'));
    expect([schemas.ids, schemas.names]).toEqual([[], ['elasticc.v0_9_1.alert']]);
    expect(schemas.named('elasticc.v0_9_1.alert').rootFields).toContain('prvDiaForcedSources');
  });
});
