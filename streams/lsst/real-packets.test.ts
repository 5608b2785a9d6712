import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { stateLink } from '../../model/state-link.js';
import { containerItems } from '../avro/container-records.js';
import { problemOf } from '../../test/problem-of.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import type { Alert, FilterInput } from '../../model/alert.js';
import { readArchive } from '../archive/archive.js';
import { readConfluentFrame } from '../avro/confluent-frame.js';
import { readLocalSchemas } from '../avro/local-schemas.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { Unreadable } from '../avro/unreadable.js';
import { isBad } from '../packet.js';
import { surveyOf } from '../surveys.js';
import { lsst } from './survey.js';

const FOLDER = join(sharedData, 'lsst');
const PUBLIC = ['LSST'];

/** What AMPEL's code makes of a packet: object, alert id, number of datapoints, link of its state. */
function lineOf(alert: Alert): string {
  const members = lsst.stateMembers(alert.datapoints, alert.jd);
  const link = stateLink(members.map(({ id }) => id));
  return `${alert.objectId} ${alert.alertId} ${alert.datapoints.length} ${link}`;
}

/** One line a packet, or the reason why it is refused; of tars only what is a container. */
async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const packet of readArchive([join(FOLDER, path)])) {
    try {
      if (isBad(packet)) throw packet.problem;
      expect(surveyOf(packet.schema)).toBe(lsst);
      lines.push(lineOf(lsst.readAlert(packet)));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      lines.push(`${error.kind}: ${error.message}`);
    }
  }
  return lines;
}

const ABSURD_TIME = 'absurd-field: diaSource: midpointMjdTai is 1480360995, expected 47892 to 88434';
const FAKE = '281323062375219201 1231321321 4 505113228';

describeWithData('the packets of LSST and ELAsTiCC that there are', () => {
  it.each([
    [
      'ampel/11290844.avro',
      [
        '11290844 22581688068 2 -1010373664',
        '11290844 22581688070 20 121322411',
        '11290844 22581688069 19 -1859957699',
      ],
    ],
    ['ampel/fakeAlert_schema80.avro', [FAKE]],
    [
      'ampel/schema_701.avro',
      [
        '25409118864932952 25409118864932952 2 -478207377',
        '25409118864932953 25409118864932953 2 -1306098837',
        '25409118864932955 25409118864932955 2 -45853794',
        '25409118864932956 25409118864932956 2 -311515627',
        '25409118864932957 25409118864932957 2 -1471400204',
        '25409118864932960 25409118864932960 2 1059083752',
        '25409118864932962 25409118864932962 2 1886600639',
        '25409118864932963 25409118864932963 2 827740767',
        '25409118864932875 25409118864932875 2 1781183184',
        '25404856109891600 25409136044802059 3 2069456030',
      ],
    ],
    // Schemas 10.0 and 11.0, ten from 3.0 to 7.4 with a time in seconds, 8.0 and 9.0; the JSON beside them is no packet.
    ['fake/alert_packet_fakeAlerts.tar.gz', [FAKE, FAKE, ...Array<string>(10).fill(ABSURD_TIME), FAKE, FAKE]],
  ])('are read from %s with the datapoints and states that AMPEL makes of them', async (path, lines) => {
    const found = await linesOf(path);
    expect(found.filter((line) => !line.startsWith(ABSURD_TIME))).toEqual(lines.filter((line) => line !== ABSURD_TIME));
    expect(found).toHaveLength(lines.length);
  });

  it('are read from the ELAsTiCC tar: 82 alerts of 43 objects, each with an id of its own', async () => {
    const lines = (await linesOf('elasticc/elasticc_82alerts_43objects.tar.gz')).sort();
    const column = (index: number): Set<string | undefined> => new Set(lines.map((line) => line.split(' ')[index]));
    expect([lines.length, column(0).size, column(1).size]).toEqual([82, 43, 82]);
    expect(createHash('sha256').update(lines.join('\n')).digest('hex')).toBe(
      '9cc3370b55da39dc1bc1e7551d7384d0a18ed8a2110a6455af65f07c5187babb',
    );
  });

  it.each([
    [
      'ampel/alert_schema80.json',
      'not-avro: not an Avro container: starts with 7b0a0922, expected 4f626a01 ("Obj" 01)',
    ],
    ['ampel/25409136044802058.bson', 'not-avro: not an Avro container: starts with 773b0000, expected 4f626a01'],
    [
      'ampel/alert_mjd60563.1120_obj104044681_src208089362038.avro.gz',
      'not-avro: not an Avro container: starts with ecb9bdb1, expected 4f626a01 ("Obj" 01)',
    ],
  ])('are not looked for in %s', async (path, message) => {
    expect(await linesOf(path)).toEqual([expect.stringContaining(message)]);
  });
});

/** Seconds where days are expected: all times of the sample packets up to schema 7.4. */
const SECONDS = Buffer.alloc(8);
SECONDS.writeDoubleLE(1480360995);
/** What the sample packets have since, MJD (TAI). */
const DAYS = Buffer.alloc(8);
DAYS.writeDoubleLE(60902.993305483615);

function withTimeInDays(record: Buffer): Buffer {
  const repaired = Buffer.from(record);
  for (let at = repaired.indexOf(SECONDS); at >= 0; at = repaired.indexOf(SECONDS)) DAYS.copy(repaired, at);
  return repaired;
}

describeWithData('the sample packet of each schema, its time set right,', () => {
  const links: Readonly<Record<string, number>> = {
    ...{ v3_0: -1690168856, v4_0: -1690168856, v5_0: -256410025, v6_0: -1769142729, v6_1: -1769142729 },
    ...{ v7_0: -692759390, v7_1: -692759390, v7_2: -692759390, v7_3: -692759390, v7_4: -692759390 },
    ...{ v8_0: 505113228, v9_0: 505113228, v10_0: 505113228, v11_0: 505113228 },
  };

  it('has the state that AMPEL makes of it, whatever its fields are called', async () => {
    const found: Record<string, number> = {};
    for await (const packet of readArchive([join(FOLDER, 'fake/alert_packet_fakeAlerts.tar.gz')])) {
      if (isBad(packet)) throw packet.problem;
      const { datapoints, jd } = lsst.readAlert({ schema: packet.schema, record: withTimeInDays(packet.record) });
      found[packet.schema.rootName.split('.')[1] ?? ''] = stateLink(
        lsst.stateMembers(datapoints, jd).map(({ id }) => id),
      );
    }
    expect(found).toEqual(links);
  });
});

describeWithData('what a filter sees of LSST alerts', () => {
  const fields = {
    candidate: ['psfFlux', 'psfFluxErr', 'ra', 'dec', 'snr', 'reliability', 'band', 'midpointMjdTai', 'diaSourceId'],
    history: ['psfFlux', 'psfFluxErr', 'band', 'midpointMjdTai', 'visit', 'diaSourceId', 'diaForcedSourceId', 'snr'],
  };
  const asked = (input: FilterInput | undefined): unknown => ({
    candidate: fields.candidate.map((name) => input?.candidate[name]),
    history: input?.history.map((point) => fields.history.map((name) => point[name])),
  });

  it('is the same from the packet and from the store, all 110 alerts', async () => {
    const read = lsst.screenReader(fields);
    const paths = ['ampel/11290844.avro', 'ampel/fakeAlert_schema80.avro', 'ampel/schema_701.avro'];
    const tars = ['elasticc/elasticc_82alerts_43objects.tar.gz', 'fake/alert_packet_fakeAlerts.tar.gz'];
    let count = 0;
    for await (const packet of readArchive([...paths, ...tars].map((path) => join(FOLDER, path)))) {
      if (isBad(packet)) throw packet.problem;
      const { schema } = packet;
      const record = withTimeInDays(packet.record);
      const alert = lsst.readAlert({ schema, record });
      const screened = read({ schema, record });
      expect(screened).toMatchObject({ alertId: alert.alertId, objectId: alert.objectId, jd: alert.jd });
      expect(asked(screened.view(PUBLIC))).toEqual(asked(lsst.filterInput(alert, PUBLIC)));
      count++;
    }
    expect(count).toBe(110);
  });
});

describeWithData('a message of the LSST stream', () => {
  const message = (): Buffer => readFileSync(join(FOLDER, 'real/confluent_id703_v7.3_3527242430321524769.avro'));
  const schemas = readLocalSchemas(join(FOLDER, 'schema/alert_packet_schemas.tar.gz'));

  it('is read with the schema that it names', async () => {
    const { schemaId, record } = readConfluentFrame(message());
    expect([schemaId, record.length]).toEqual([703, 101828]);
    const schema = (await schemas).schema(schemaId);
    const alert = lsst.readAlert({ schema, record });
    expect(lineOf(alert)).toBe('3527242430321524769 3527242430321524769 2 -1126802233');
    expect(alert.datapoints.map(({ id, kind, tags }) => [id, kind, ...tags])).toEqual([
      ['489668465856067617', 'detection', 'LSST', 'LSST_G', 'LSST_DP'],
      ['1314621571950761235', 'object', 'LSST', 'LSST_OBJ'],
    ]);
    expect(alert.candidate).toMatchObject({ midpointMjdTai: 61314.27337522106, band: 'g', visit: '6570001' });
    expect(alert.jd).toBeCloseTo(2461314.7729469803, 9);
    const seen = lsst.screenReader({ candidate: ['snr', 'reliability'], history: [] })({ schema, record });
    expect(seen.view(PUBLIC)?.candidate).toMatchObject({ snr: alert.candidate['snr'], ssObjectId: '0' });
  });

  it('is no alert with another schema, and no other schema is tried', async () => {
    const { record } = readConfluentFrame(message());
    const known = await schemas;
    for (const id of known.ids.filter((other) => other !== 703)) {
      const decode = (): unknown => lsst.readAlert({ schema: known.schema(id), record });
      expect(problemOf(decode).message).not.toBe('');
    }
    const renamed = message();
    renamed.writeUInt32BE(742, 1);
    const unknown = readConfluentFrame(renamed);
    expect(problemOf(() => known.schema(unknown.schemaId))).toEqual({
      kind: 'schema',
      message: `unknown schema id 742, known ${known.ids.join(', ')}`,
    });
  });
});

describeWithData('the schemaless ELAsTiCC alert of AMPEL', () => {
  const record = (): Buffer =>
    gunzipSync(readFileSync(join(FOLDER, 'ampel/alert_mjd60563.1120_obj104044681_src208089362038.avro.gz')));

  it('is of ELAsTiCC 0.9, and has a measurement as source and as forced source once', () => {
    const [first] = containerItems(readFileSync(join(FOLDER, 'ampel/11290844.avro')), new SchemaCache());
    if (first === undefined || 'problem' in first) throw new Error('the container could not be read');
    expect(lineOf(lsst.readAlert({ schema: first.schema, record: record() }))).toBe(
      '104044681 208089362038 16 -1568275054',
    );
  });

  it('is not of ELAsTiCC 0.9.1', async () => {
    const schemas = await readLocalSchemas(join(FOLDER, 'schema/elasticc_v0_9_1_schemas.tar.gz'));
    expect(schemas.ids).toEqual([]);
    const schema = schemas.named('elasticc.v0_9_1.alert');
    expect(lsst.recognises(schema)).toBe(true);
    expect(problemOf(() => lsst.readAlert({ schema, record: record() })).message).toMatch(
      /ends too early|cannot be decoded/,
    );
  });
});
