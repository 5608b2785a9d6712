import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertContent } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import { readArchive } from '../../streams/archive/archive.js';
import { Unreadable } from '../../streams/avro/unreadable.js';
import { isBad, type Packet } from '../../streams/packet.js';
import { surveyOf } from '../../streams/surveys.js';
import { EARLIER, FORCED, LIMIT, lsstPacket } from '../../test/lsst-packet.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { SURVEY_FIELDS, type FieldTypes, type SurveyFields } from './survey-fields.js';

interface Content {
  readonly fields: SurveyFields;
  readonly packet: AlertContent;
  readonly stored: AlertContent;
}

/** What the alerts have by their packets and by the store, seen with all rights. */
async function contentsOf(path: string): Promise<Content[]> {
  const contents: Content[] = [];
  for await (const packet of readArchive([join(sharedData, path)])) {
    if (isBad(packet)) throw packet.problem;
    try {
      contents.push(contentOf(packet));
    } catch (error) {
      // No filter sees it: ten of LSST's examples give a time in seconds.
      if (!(error instanceof Unreadable)) throw error;
    }
  }
  return contents;
}

function contentOf(packet: Packet): Content {
  const survey = surveyOf(packet.schema);
  const fields = SURVEY_FIELDS[survey.name];
  if (fields === undefined) throw new Error(`${survey.name} has no fields`);
  const names = { candidate: namesOf(fields.candidate), history: namesOf(fields.history) };
  const early = survey.screenReader(names)(packet).view(survey.access);
  const late = survey.filterInput(survey.readAlert(packet), survey.access);
  if (early === undefined || late === undefined) throw new Error('an alert cannot be seen');
  return { fields, packet: early, stored: late };
}

function expectSame({ fields, packet, stored }: Content): void {
  const { candidate, history } = fields;
  expect(misfits(candidate, packet.candidate)).toEqual([]);
  expect(present(packet.candidate, namesOf(candidate))).toEqual(present(stored.candidate, namesOf(candidate)));
  expect(packet.history.flatMap((point) => misfits(history, point))).toEqual([]);
  expect(packet.history.map((point) => present(point, namesOf(history)))).toEqual(
    stored.history.map((point) => present(point, namesOf(history))),
  );
}

function namesOf({ numbers, text, flags }: FieldTypes): string[] {
  return [...numbers, ...text, ...flags];
}

/** Values that are of another type than the list says, as `name: value`. */
function misfits({ numbers, text, flags }: FieldTypes, record: Fields): string[] {
  const types = { number: numbers, string: text, boolean: flags };
  return Object.entries(types).flatMap(([type, names]) =>
    names
      .filter((name) => record[name] != null && typeof record[name] !== type)
      .map((name) => `${name}: ${String(record[name])}`),
  );
}

/** Null and absent are one to an expression. */
function present(record: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => record[name] != null).map((name) => [name, record[name]]));
}

interface AvroRecord {
  readonly fields: readonly { readonly name: string; readonly type: unknown }[];
}

/** Names by what a schema says that they hold; ids, which are text here, are among the numbers. */
function schemaFields(path: string): FieldTypes {
  const { fields } = JSON.parse(readFileSync(join(sharedData, path), 'utf8')) as AvroRecord;
  const of = (...types: readonly string[]): string[] =>
    fields.filter(({ type }) => [type].flat().some((one) => types.includes(String(one)))).map(({ name }) => name);
  return { numbers: of('int', 'long', 'float', 'double'), text: of('string'), flags: of('boolean') };
}

const NOTHING: FieldTypes = { numbers: [], text: [], flags: [] };
const ZTF_IDS = ['candid', 'objectidps1', 'objectidps2', 'objectidps3'];
/** Bookkeeping of files and data bases. */
const ZTF_LEFT_OUT = ['pdiffimfilename', 'programpi', 'rfid', 'tblid'];

describeWithData('the fields that an expression knows', () => {
  it.each(['3.3', '4.02'])(
    'are all that the schema %s of ZTF has of a candidate, by the types that it gives',
    (version) => {
      const schema = schemaFields(`ztf/schema/${version}/candidate.avsc`);
      const { numbers, text } = SURVEY_FIELDS['ztf']?.candidate ?? { numbers: [], text: [] };
      const known = (names: readonly string[]): string[] => names.filter((name) => !ZTF_LEFT_OUT.includes(name)).sort();
      expect(known(schema.numbers)).toEqual([...numbers, ...ZTF_IDS].sort());
      expect(known([...schema.text, ...ZTF_IDS])).toEqual([...text].sort());
    },
  );

  it.each(['3.3', '4.02'])('are those of earlier points in the schema %s of ZTF', (version) => {
    const schema = schemaFields(`ztf/schema/${version}/prv_candidate.avsc`);
    const { numbers, text } = SURVEY_FIELDS['ztf']?.history ?? { numbers: [], text: [] };
    expect(schema.numbers).toEqual(expect.arrayContaining([...numbers, 'candid']));
    expect([...schema.text, 'candid']).toEqual(expect.arrayContaining([...text]));
  });

  it('are all that a packet of LSST has of its source', async () => {
    const contents = await contentsOf('lsst/fake/alert_packet_fakeAlerts.tar.gz');
    expect(contents).toHaveLength(4);
    contents.forEach(expectSame);
    const names = new Set(contents.flatMap(({ stored }) => Object.keys(stored.candidate)));
    expect([...names]).toEqual(expect.arrayContaining(namesOf(contents[0]?.fields.candidate ?? NOTHING)));
  });

  it.each(['ztf/nights/20180819_v3.0_30alerts.tar.gz', 'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz'])(
    'are of the type that it takes them for, and the same in the packet as in the store: %s',
    async (path) => {
      const contents = await contentsOf(path);
      expect(contents.length).toBeGreaterThan(0);
      contents.forEach(expectSame);
    },
  );
});

describe('the fields of LSST that an expression knows', () => {
  it('are of the type that it takes them for, and the same in the packet as in the store', () => {
    const packet = {
      ...lsstPacket({ sources: [EARLIER], forced: [FORCED], limits: [LIMIT] }),
      partition: '',
      offset: 0,
      place: '',
    };
    const content = contentOf(packet);
    expect(content.packet.history).toHaveLength(3);
    expectSame(content);
  });
});
