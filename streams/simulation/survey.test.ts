import { createHash } from 'node:crypto';
import { stockOfZtfName } from '../../model/ztf-name.js';
import type { SurveyOptions } from './options.js';
import { simulateSurvey, type Night, type SimulatedAlert } from './survey.js';
import { KINDS, type Truth } from './truth.js';

const SMALL: SurveyOptions = { seed: 7, nights: 4, alertsPerNight: 100, fields: 12 };

function survey(options: SurveyOptions): { nights: Night[]; alerts: SimulatedAlert[]; truth: Map<string, Truth> } {
  const nights = [...simulateSurvey(options)];
  const rows = nights.flatMap((night) => night.truth);
  const truth = new Map(rows.map((row) => [row.objectId, row]));
  expect(truth.size).toBe(rows.length);
  return { nights, alerts: nights.flatMap((night) => [...night.alerts]), truth };
}

function digest(alerts: readonly SimulatedAlert[]): string {
  const hash = createHash('sha256');
  for (const { fileName, packet } of alerts) hash.update(fileName).update(packet);
  return hash.digest('hex');
}

describe('a simulated survey', () => {
  const { nights, alerts, truth } = survey(SMALL);

  it('is the same to the byte for the same seed, and another for another', () => {
    expect(digest(survey(SMALL).alerts)).toBe(digest(alerts));
    expect(digest(survey({ ...SMALL, seed: 8 }).alerts)).not.toBe(digest(alerts));
  });

  it('leaves all other objects as they are when there are more of one kind', () => {
    const more = survey({ ...SMALL, objects: { 'SN Ia': 8, 'variable star': 0 } });
    const others = (one: typeof more): SimulatedAlert[] =>
      one.alerts.filter(({ objectId }) => !['SN Ia', 'variable star'].includes(one.truth.get(objectId)?.class ?? ''));
    expect(others(more).length).toBeGreaterThan(50);
    expect(digest(others(more))).toBe(digest(others({ nights, alerts, truth })));
  });

  it('sends alerts in order of time with candids that grow, none twice, within 63 bits', () => {
    for (let i = 1; i < alerts.length; i++) {
      expect(alerts[i]?.jd).toBeGreaterThanOrEqual(alerts[i - 1]?.jd ?? Infinity);
      expect(BigInt(alerts[i]?.candid ?? 0)).toBeGreaterThan(BigInt(alerts[i - 1]?.candid ?? 0));
    }
    expect(BigInt(alerts.at(-1)?.candid ?? 0)).toBeLessThan(2n ** 63n);
    for (const { fileName, candid } of alerts) expect(fileName).toBe(`${candid}.avro`);
  });

  it('names objects as ZTF does, so that they have stock ids, and has a row of truth for each', () => {
    for (const { objectId } of alerts) {
      expect(stockOfZtfName(objectId)).toBeGreaterThan(0);
      expect(truth.has(objectId)).toBe(true);
    }
    expect(new Set(alerts.map(({ objectId }) => objectId))).toEqual(new Set(truth.keys()));
  });

  it('tells the number of alerts of a night before they are made, and makes them as often as asked', () => {
    for (const night of nights) {
      expect([...night.alerts]).toHaveLength(night.alertCount);
      for (const { jd } of night.alerts) expect(jd >= night.jdStart && jd < night.jdEnd).toBe(true);
    }
  });

  it('has all kinds in a mix led by variable stars, asteroids, AGN and bogus, and as many alerts as asked', () => {
    const clear = survey({ seed: 3, nights: 4, alertsPerNight: 500, weather: false });
    expect(clear.alerts.length / 4).toBeGreaterThan(500 * 0.85);
    expect(clear.alerts.length / 4).toBeLessThan(500 * 1.2);
    const share = (kind: string): number =>
      clear.alerts.filter(({ objectId }) => clear.truth.get(objectId)?.class === kind).length / clear.alerts.length;
    for (const kind of KINDS) expect(share(kind)).toBeGreaterThan(0.002);
    const led = ['variable star', 'asteroid', 'AGN', 'bogus'].reduce((sum, kind) => sum + share(kind), 0);
    expect(led).toBeGreaterThan(0.8);
  });

  it('has nights without alerts where the weather is bad, and none where it is wished away', () => {
    const lost = (weather: boolean): number => {
      const options = { seed: 1, nights: 30, alertsPerNight: 5, fields: 3, weather };
      return [...simulateSurvey(options)].filter((night) => night.exposures === 0 && night.alertCount === 0).length;
    };
    expect(lost(true)).toBeGreaterThan(0);
    expect(lost(false)).toBe(0);
  });

  it('refuses options that make no sense and says what it expected', () => {
    expect(() => simulateSurvey({ seed: 0.5, nights: 1 })).toThrow('seed is 0.5, expected an integer');
    expect(() => simulateSurvey({ seed: 1, nights: 0 })).toThrow('nights is 0, expected an integer of at least 1');
    expect(() => simulateSurvey({ seed: 1, nights: 1, startJd: 59396 })).toThrow(/nights from JD .*2018-05-16/);
    expect(() => simulateSurvey({ seed: 1, nights: 1, fields: 250, cadenceDays: 1 })).not.toThrow();
    expect(() => simulateSurvey({ seed: 1, nights: 1, objects: { AGN: -1 } })).toThrow('objects of kind AGN is -1');
    const comets: object = { objects: { comet: 1 } };
    expect(() => simulateSurvey({ seed: 1, nights: 1, ...comets })).toThrow(/"comet", expected one of SN Ia, SN II/);
  });
});
