import avsc from 'avsc';
import { containerItems } from '../avro/container-records.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { ztf } from '../ztf/survey.js';
import type { SurveyOptions } from './options.js';
import { simulateSurvey } from './survey.js';
import type { Truth } from './truth.js';

type Fields = Readonly<Record<string, unknown>>;

interface Packet {
  readonly schemavsn: string;
  readonly objectId: string;
  readonly candid: bigint;
  readonly candidate: Fields;
  readonly prv_candidates: readonly Fields[] | null;
  readonly cutoutScience: unknown;
}

const bigLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => bytes.readBigInt64LE(),
  toBuffer: () => Buffer.alloc(8),
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint',
  compare: (one: bigint, other: bigint) => Number(one - other),
});

/** All records of a container by avsc's own reader, which checks the sync marker. */
function decode(container: Buffer): Promise<Packet[]> {
  return new Promise((resolve, reject) => {
    const packets: Packet[] = [];
    const parseHook = (schema: avsc.Schema): avsc.Type => avsc.Type.forSchema(schema, { registry: { long: bigLong } });
    const decoder = new avsc.streams.BlockDecoder({ parseHook });
    decoder.on('data', (packet: Packet) => packets.push(packet));
    decoder.on('error', reject);
    decoder.on('end', () => {
      resolve(packets);
    });
    decoder.end(container);
  });
}

const OPTIONS: SurveyOptions = {
  seed: 5,
  nights: 45,
  fields: 3,
  weather: true,
  objects: {
    ...{ 'SN Ia': 0.5, 'SN II': 0.1, 'SN Ibc': 0.1, TDE: 0.02 },
    ...{ AGN: 8, 'variable star': 8, asteroid: 1, bogus: 10 },
  },
};

/** A busy machine may take longer than a test is given. */
const SETUP_TIMEOUT_MS = 60_000;

describe('alert packets', () => {
  const packets: Packet[] = [];
  const containers: Buffer[] = [];
  const truth = new Map<string, Truth>();

  beforeAll(async () => {
    for (const night of simulateSurvey(OPTIONS)) {
      for (const row of night.truth) truth.set(row.objectId, row);
      for (const { packet } of night.alerts) {
        containers.push(packet);
        packets.push(...(await decode(packet)));
      }
    }
  }, SETUP_TIMEOUT_MS);

  const byObject = (): Map<string, Packet[]> => {
    const groups = new Map<string, Packet[]>();
    for (const packet of packets) groups.set(packet.objectId, [...(groups.get(packet.objectId) ?? []), packet]);
    return groups;
  };
  const detections = ({ prv_candidates }: Packet): Fields[] =>
    (prv_candidates ?? []).filter(({ candid }) => candid !== null);
  const number = (fields: Fields, name: string): number => Number(fields[name]);

  it('are containers of one record: magic, and the same sync marker after header and block', () => {
    expect(packets.length).toBeGreaterThan(500);
    expect(packets).toHaveLength(containers.length);
    for (const container of containers) {
      expect(container.subarray(0, 4).toString('latin1')).toBe('Obj\x01');
      const sync = container.subarray(-16);
      const inHeader = container.indexOf(sync);
      expect(inHeader).toBeGreaterThan(4);
      // After the marker: one record, which fills what is left.
      expect(container[inHeader + 16]).toBe(2);
      expect(container.indexOf(sync, inHeader + 16)).toBe(container.length - 16);
    }
  });

  it('are read by the path of real alerts to the same detections and limits', () => {
    const schemas = new SchemaCache();
    containers.slice(0, 200).forEach((container, i) => {
      const [item] = [...containerItems(container, schemas)];
      if (item === undefined || 'problem' in item) throw new Error('the alert could not be read');
      const alert = ztf.readAlert({ ...item, partition: 'archive', offset: i, place: '' });
      const packet = packets[i];
      expect(alert.alertId).toBe(String(packet?.candid));
      expect(alert.objectId).toBe(packet?.objectId);
      expect(alert.datapoints).toHaveLength(1 + (packet?.prv_candidates?.length ?? 0));
      for (const { id, kind } of alert.datapoints) expect(id.startsWith('-')).toBe(kind === 'upperLimit');
    });
  });

  it('leave no field of the candidate empty but those of ZTF, and are detections of 5 sigma', () => {
    for (const { schemavsn, candid, candidate } of packets) {
      expect(schemavsn).toBe('3.3');
      expect(candidate['candid']).toBe(candid);
      expect(Object.entries(candidate).filter(([, value]) => value === null || Number.isNaN(value))).toEqual([]);
      expect(number(candidate, 'sigmapsf')).toBeLessThanOrEqual(1.0858 / 5);
      expect(Math.floor((number(candidate, 'pid') % 10_000) / 100)).toBe(candidate['rcid']);
      expect(number(candidate, 'ra')).toBeLessThan(360);
      expect(candidate['jdendhist']).toBe(candidate['jd']);
      expect(number(candidate, 'jdstarthist')).toBeLessThanOrEqual(number(candidate, 'jd'));
      expect(number(candidate, 'ndethist')).toBeLessThanOrEqual(number(candidate, 'ncovhist'));
      expect(candidate['programid']).toBe(1);
    }
  });

  it('repeat in their history the earlier alerts of the last 30 days, as those were sent', () => {
    const names = ['candid', 'jd', 'fid', 'pid', 'magpsf', 'sigmapsf', 'ra', 'dec', 'rb', 'diffmaglim', 'distnr'];
    const told = (fields: Fields): unknown[] => names.map((name) => fields[name]);
    let repeated = 0;
    for (const alerts of byObject().values()) {
      const firstJd = number(alerts[0]?.candidate ?? {}, 'jd');
      for (const [i, alert] of alerts.entries()) {
        const since = number(alert.candidate, 'jd') - 30;
        const history = detections(alert).filter(({ jd }) => Number(jd) >= firstJd);
        const sent = alerts.slice(0, i).filter(({ candidate }) => number(candidate, 'jd') >= since);
        expect(history.map(told)).toEqual(sent.map(({ candidate }) => told(candidate)));
        repeated += sent.length;
      }
    }
    expect(repeated).toBeGreaterThan(1000);
  });

  it('have histories in order of time, with limits that are nothing but limits', () => {
    for (const { candidate, prv_candidates } of packets) {
      const history = prv_candidates ?? [];
      const times = [...history, candidate].map((entry) => number(entry, 'jd'));
      expect(times).toEqual([...times].sort((one, other) => one - other));
      const limits = history.filter(({ candid }) => candid === null);
      const isLimit = (limit: Fields): boolean =>
        [limit['magpsf'], limit['isdiffpos'], limit['rb'], limit['ra']].every((value) => value === null) &&
        number(limit, 'diffmaglim') > 17 &&
        number(limit, 'diffmaglim') < 21.5 &&
        limit['rcid'] === candidate['rcid'];
      expect(limits.filter((limit) => !isLimit(limit))).toEqual([]);
    }
  });

  it('follow supernovae of type Ia from limits before the first detection to the peak of the truth table', () => {
    let followed = 0;
    for (const [objectId, alerts] of byObject()) {
      const row = truth.get(objectId);
      if (row?.class !== 'SN Ia') continue;
      const first = alerts[0];
      if (first === undefined || row.peakJd === undefined || row.peakMag === undefined) throw new Error('no peak');
      const points = alerts.map(({ candidate }) => ({ jd: number(candidate, 'jd'), mag: number(candidate, 'magpsf') }));
      // Seen within 4 days on both sides of the peak, two weeks after the survey began.
      const near = points.filter(({ jd }) => Math.abs(jd - (row.peakJd ?? 0)) < 4);
      if (near.length < 3 || detections(first).length > 0) continue;
      followed++;
      const before = (first.prv_candidates ?? []).filter(({ candid }) => candid === null);
      expect(before.length).toBeGreaterThan(2);
      const brightest = Math.min(...points.map(({ mag }) => mag));
      expect(Math.abs(brightest - row.peakMag)).toBeLessThan(0.35);
      const brightestJd = points.find(({ mag }) => mag === brightest)?.jd ?? 0;
      expect(Math.abs(brightestJd - row.peakJd)).toBeLessThan(12);
    }
    expect(followed).toBeGreaterThan(3);
  });

  it('look as what they are: stars on stars, galaxies under nuclear flares, known asteroids, poor scores of bogus', () => {
    const of = (kind: string): Fields[] =>
      packets.filter(({ objectId }) => truth.get(objectId)?.class === kind).map(({ candidate }) => candidate);
    for (const star of of('variable star')) expect(number(star, 'distpsnr1')).toBeLessThan(1);
    expect(new Set(of('variable star').map((star) => star['isdiffpos']))).toEqual(new Set(['t', 'f']));
    for (const flare of of('TDE')) expect(number(flare, 'distnr')).toBeLessThan(1);
    const known = of('asteroid').filter((asteroid) => number(asteroid, 'ssdistnr') >= 0);
    expect(known.length).toBeGreaterThan(of('asteroid').length / 2);
    for (const asteroid of known) expect(number(asteroid, 'ssdistnr')).toBeLessThanOrEqual(20);
    const meanScore = (kind: string): number =>
      of(kind).reduce((sum, candidate) => sum + number(candidate, 'rb'), 0) / of(kind).length;
    expect(meanScore('bogus')).toBeLessThan(0.4);
    expect(meanScore('SN Ia')).toBeGreaterThan(0.7);
  });
});
