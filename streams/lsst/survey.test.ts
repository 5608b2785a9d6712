import type { FilterInput } from '../../model/alert.js';
import type { Fields } from '../../model/datapoint.js';
import {
  EARLIER,
  FORCED,
  LIMIT,
  lsstPacket,
  OBJECT_ID,
  SOURCE_ID,
  SS_OBJECT,
  SS_SOURCE,
  type LsstPacket,
} from '../../test/lsst-packet.js';
import { problemOf } from '../../test/problem-of.js';
import { parseWriterSchema } from '../avro/writer-schema.js';
import type { ScreenedAlert } from '../survey.js';
import { lsst } from './survey.js';

const PUBLIC = ['LSST'];
const FIELDS = { candidate: ['psfFlux', 'reliability'], history: ['psfFlux', 'diaSourceId', 'band'] };
const FULL: LsstPacket = { sources: [EARLIER], forced: [FORCED], limits: [LIMIT] };

function screened(packet: LsstPacket, fields = FIELDS): ScreenedAlert {
  return lsst.screenReader(fields)(lsstPacket(packet));
}

/** History of a packet, checked to be the same from the store: a field at a time, as far as filters ask for it. */
function historyOf(packet: LsstPacket, fields = FIELDS): Fields[] {
  const early = screened(packet, fields).view(PUBLIC);
  const stored = lsst.filterInput(lsst.readAlert(lsstPacket(packet)), PUBLIC);
  const asked = (input: FilterInput | undefined): Fields[] =>
    input?.history.map((point) => Object.fromEntries(fields.history.map((name) => [name, point[name]]))) ?? [];
  expect(asked(early)).toEqual(asked(stored));
  for (const name of fields.candidate) expect(early?.candidate[name]).toEqual(stored?.candidate[name]);
  return asked(early);
}

describe('an LSST alert', () => {
  const alert = lsst.readAlert(lsstPacket(FULL));

  it('is of its diaObject, at the UTC of its source', () => {
    expect(alert).toMatchObject({
      ...{
        survey: 'lsst',
        alertId: SOURCE_ID,
        objectId: OBJECT_ID,
        stock: OBJECT_ID,
        position: { ra: 150, dec: 2.25 },
      },
    });
    expect(alert.jd).toBeCloseTo(2461000.75 - 37 / 86_400, 9);
    expect(alert.candidate).toMatchObject({ midpointMjdTai: 61000.25, reliability: 0.75, visit: '6570009' });
  });

  it('has its source first, then forced sources before sources, limits, the object last', () => {
    expect(alert.datapoints.map(({ kind, band, tags }) => [kind, band, ...tags])).toEqual([
      ['detection', 'g', 'LSST', 'LSST_G', 'LSST_DP'],
      ['forced', 'i', 'LSST', 'LSST_I', 'LSST_FP'],
      ['detection', 'r', 'LSST', 'LSST_R', 'LSST_DP'],
      ['upperLimit', 'z', 'LSST', 'LSST_Z', 'LSST_ND'],
      ['object', '', 'LSST', 'LSST_OBJ'],
    ]);
  });

  it("keeps the fields that AMPEL keeps, fluxes in nJy and the survey's own time among them", () => {
    expect(alert.datapoints.map(({ body }) => body)).toEqual([
      {
        ...{ band: 'g', dec: 2.25, diaSourceId: SOURCE_ID, isNegative: false, midpointMjdTai: 61000.25 },
        ...{ psfFlux: 500, psfFluxErr: 100, ra: 150, snr: 5, visit: '6570009' },
      },
      FORCED,
      expect.objectContaining({ psfFlux: 400, visit: '6570001' }),
      LIMIT,
      expect.objectContaining({ diaObjectId: OBJECT_ID, nDiaSources: 2, decErr: null }),
    ]);
    expect(alert.datapoints[2]?.body).not.toHaveProperty('reliability');
  });

  it('has its object at the time of that object, or of the alert where a rounded time is later', () => {
    const jdOfObject = (radecMjdTai: number | null): number | undefined =>
      lsst.readAlert(lsstPacket({ object: { radecMjdTai } })).datapoints.at(-1)?.jd;
    expect(jdOfObject(60990.25)).toBeCloseTo(2460990.75 - 37 / 86_400, 9);
    expect(jdOfObject(61000.26)).toBe(alert.jd);
    expect(jdOfObject(null)).toBe(2_400_000.5);
  });

  it("has bands in lower case, ELAsTiCC's Y among them", () => {
    const { candidate, datapoints } = lsst.readAlert(lsstPacket({ source: { band: 'Y' } }));
    expect([candidate['band'], datapoints[0]?.band, datapoints[0]?.body['band']]).toEqual(['y', 'y', 'y']);
  });
});

describe('an LSST alert of the solar system', () => {
  it.each([
    ['its ssObject', { ssObject: SS_OBJECT }, 'LSST_SSOBJECT', 2_400_000.5],
    ['its ssSource', { ssSource: SS_SOURCE }, 'LSST_SSSOURCE', undefined],
  ])('is of %s, which stands where the diaObject would', (_, parts, tag, jd) => {
    const packet = { ...parts, object: null, forced: [FORCED] };
    const alert = lsst.readAlert(lsstPacket(packet));
    expect(alert).toMatchObject({ objectId: '20890836203', stock: '20890836203', alertId: SOURCE_ID });
    expect(alert.datapoints.map(({ kind }) => kind)).toEqual(['detection', 'forced', 'object']);
    expect(alert.datapoints[2]).toMatchObject({ tags: ['LSST', tag], jd: jd ?? alert.jd, band: '' });
    expect(screened(packet)).toMatchObject({ objectId: '20890836203', jd: alert.jd });
  });

  it('is of the ssObjectId of its source where there is no more', () => {
    const packet = { source: { ssObjectId: '17' }, object: null };
    expect(lsst.readAlert(lsstPacket(packet)).objectId).toBe('17');
    expect(screened(packet).objectId).toBe('17');
  });

  it('is no alert of it where there is a diaObject, as in AMPEL', () => {
    const { objectId, datapoints } = lsst.readAlert(lsstPacket({ ssObject: SS_OBJECT, source: { ssObjectId: '17' } }));
    expect([objectId, datapoints.map(({ kind }) => kind)]).toEqual([OBJECT_ID, ['detection', 'object']]);
  });

  it.each([['none'], ['0']])('needs an object: an ssObjectId of %s is none', (id) => {
    const packet = { object: null, source: { ssObjectId: id === 'none' ? null : id } };
    const message = 'the packet names no object: it has neither a diaObject nor an ssObjectId';
    expect(problemOf(() => lsst.readAlert(lsstPacket(packet)))).toEqual({ kind: 'missing-field', message });
    expect(problemOf(() => screened(packet)).message).toBe(message);
  });
});

describe('the history of an LSST alert', () => {
  it('is the same from the packet and from the store', () => {
    expect(historyOf(FULL)).toEqual([
      { psfFlux: 50, diaSourceId: undefined, band: 'i' },
      { psfFlux: 400, diaSourceId: EARLIER['diaSourceId'], band: 'r' },
      { psfFlux: undefined, diaSourceId: undefined, band: 'z' },
    ]);
  });

  it('has no field that the store does not keep, also where the filter asks for it of the candidate', () => {
    expect(historyOf(FULL, { candidate: ['reliability'], history: ['reliability'] })).toEqual(
      Array(3).fill({ reliability: undefined }),
    );
  });

  it('has one point of each visit, forced photometry first', () => {
    const visit = FORCED['visit'];
    const packet = {
      forced: [FORCED, { ...FORCED, psfFlux: 7 }],
      sources: [{ ...EARLIER, visit }],
      limits: [LIMIT, LIMIT],
    };
    expect(historyOf(packet).map(({ band }) => band)).toEqual(['i', 'z']);
  });

  it("may have a point of the triggering source's own visit", () => {
    expect(historyOf({ forced: [{ ...FORCED, visit: '6570009' }] })).toHaveLength(1);
  });

  it('has a measurement that comes as source and as forced source once, as source', () => {
    const forced = [
      { ...FORCED, diaForcedSourceId: SOURCE_ID },
      { ...FORCED, diaForcedSourceId: EARLIER['diaSourceId'], visit: '1' },
    ];
    expect(historyOf({ forced, sources: [EARLIER] })).toEqual([expect.objectContaining({ band: 'r' })]);
  });
});

describe('the screen of LSST alerts', () => {
  it('reads what the filters ask for, by the old names of fields too', () => {
    const alert = screened(FULL);
    expect(alert).toMatchObject({ alertId: SOURCE_ID, objectId: OBJECT_ID });
    expect(alert.view(PUBLIC)?.candidate).toEqual({
      ...{ diaSourceId: SOURCE_ID, visit: '6570009', ssObjectId: null, midpointMjdTai: 61000.25 },
      ...{ psfFlux: 500, reliability: 0.75, band: 'g' },
    });
  });

  it('shows nothing to channels of other surveys, nor does the store', () => {
    expect(screened(FULL).view(['ZTF_PUB', 'ZTF_PRIV'])).toBeUndefined();
    expect(lsst.filterInput(lsst.readAlert(lsstPacket(FULL)), ['ZTF_PUB'])).toBeUndefined();
    expect(lsst.filterInput({ objectId: '1', candidate: {}, datapoints: [] }, PUBLIC)).toBeUndefined();
  });
});

describe('an LSST packet that is no alert', () => {
  it.each<[string, LsstPacket, string]>([
    [
      'a time in seconds',
      { source: { midpointMjdTai: 1480360995 } },
      'diaSource: midpointMjdTai is 1480360995, expected',
    ],
    ['a Julian date', { source: { midpointMjdTai: 2461000.5 } }, 'diaSource: midpointMjdTai is 2461000.5, expected'],
    ['no time', { source: { midpointMjdTai: NaN } }, 'diaSource: midpointMjdTai is NaN, expected 47892 to 88434'],
    ['no place', { source: { dec: NaN } }, 'diaSource: dec is NaN, expected -90 to 90'],
    ['no band', { source: { band: null } }, 'diaSource: band is missing'],
    ['an absurd band', { source: { band: 'g or r' } }, 'diaSource: band is "g or r", expected the name of a filter'],
    [
      'an absurd time in its history',
      { sources: [EARLIER, { ...EARLIER, visit: '2', midpointMjdTai: 0 }] },
      'prvDiaSources[1]: midpointMjdTai is 0, expected 47892 to 88434',
    ],
  ])('has %s', (_, packet, message) => {
    const problem = problemOf(() => lsst.readAlert(lsstPacket(packet)));
    expect(['absurd-field', 'missing-field']).toContain(problem.kind);
    expect(problem.message).toContain(message);
  });

  it('has another schema', () => {
    const other = parseWriterSchema('{"type":"record","name":"alert","fields":[{"name":"diaSource","type":"string"}]}');
    expect(lsst.recognises(other)).toBe(false);
    expect(lsst.recognises(lsstPacket().schema)).toBe(true);
  });

  it('has bytes after its record, or too few', () => {
    const { schema, record } = lsstPacket();
    const read = (bytes: Buffer) => (): unknown => lsst.readAlert({ schema, record: bytes });
    expect(problemOf(read(Buffer.concat([record, Buffer.alloc(3)])))).toMatchObject({ kind: 'trailing-bytes' });
    expect(problemOf(read(record.subarray(0, -3)))).toMatchObject({ kind: 'truncated' });
  });
});
