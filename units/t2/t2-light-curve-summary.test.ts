import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Alert } from '../../model/alert.js';
import type { Datapoint, Fields } from '../../model/datapoint.js';
import type { LightCurve } from '../../model/t2-input.js';
import { readArchive } from '../../streams/archive/archive.js';
import { isBad } from '../../streams/packet.js';
import { ztf } from '../../streams/ztf/survey.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { t2LightCurveSummary } from './t2-light-curve-summary.js';

const defaults = t2LightCurveSummary.config.parse({});

function point(kind: Datapoint['kind'], id: string, jd: number, body: Fields = {}): Datapoint {
  return { id, kind, jd, band: 'g', tags: ['ZTF', 'ZTF_PUB', 'ZTF_G'], body: { jd, fid: 1, ...body } };
}

function lightCurve(datapoints: Datapoint[]): LightCurve {
  return { objectId: 'ZTF18abxhyqv', stock: '360504273', link: '1', datapoints };
}

describe('T2LightCurveSummary', () => {
  it('counts no detections in a state of upper limits, and says nothing else', () => {
    const limits = lightCurve([point('upperLimit', '-10', 2458400.5, { diffmaglim: 20.5 })]);
    expect(t2LightCurveSummary.run(limits, defaults)).toEqual({ num_detections: 0 });
  });

  it('takes place and time of discovery from the first detection, the fields asked for from the latest', () => {
    const two = lightCurve([
      point('detection', '1001', 2458401.5, { ra: 21.1, dec: 31.1, magpsf: 19.2, rb: 0.8 }),
      point('detection', '1002', 2458404.5, { ra: 21.2, dec: 31.2, magpsf: 18.7, rb: 0.9 }),
    ]);
    expect(t2LightCurveSummary.run(two, { cols: ['magpsf', 'rb', 'drb'], limiting_magnitude: 19.5 })).toEqual({
      num_detections: 2,
      first_detection: 2458401.5,
      last_detection: 2458404.5,
      ra_dis: 21.1,
      dec_dis: 31.1,
      magpsf: 18.7,
      rb: 0.9,
      drb: null,
    });
  });

  it('looks for limits fainter than limiting_magnitude, before discovery only, in the order of AMPEL’s ids', () => {
    const state = lightCurve([
      point('upperLimit', '-10', 2458380.5, { diffmaglim: 19.5 }),
      point('upperLimit', '-20', 2458390.5, { diffmaglim: 20.1 }),
      point('upperLimit', '-30', 2458395.5, { diffmaglim: 20.4 }),
      point('detection', '1001', 2458401.5, { ra: 21.1, dec: 31.1 }),
      point('upperLimit', '-5', 2458402.5, { diffmaglim: 20.9 }),
    ]);
    expect(t2LightCurveSummary.run(state, defaults)).toMatchObject({
      last_significant_nondetection_jd: 2458390.5,
      last_significant_nondetection_fid: 1,
      last_significant_nondetection_diffmaglim: 20.1,
    });
    expect(t2LightCurveSummary.run(state, { ...defaults, limiting_magnitude: 21 })).not.toHaveProperty(
      'last_significant_nondetection_jd',
    );
  });

  it('writes null where a packet has NaN, which JSON cannot hold', () => {
    const one = lightCurve([point('detection', '1001', 2458401.5, { ra: 21.1, dec: 31.1, magpsf: Number.NaN })]);
    expect(t2LightCurveSummary.run(one, defaults)).toMatchObject({ magpsf: null });
  });
});

const oracleSchema = z.object({
  sets: z.record(
    z.string(),
    z.object({
      alerts: z.array(
        z.object({ candid: z.string(), stock: z.int(), link: z.int(), dps: z.array(z.string()).optional() }),
      ),
      t2_bodies: z
        .record(z.string(), z.object({ code: z.literal(0), body: z.record(z.string(), z.unknown()) }))
        .optional(),
    }),
  ),
});

/** Alerts in AMPEL's order of ingestion: by time of the candidate, then by id. */
async function alertsOf(file: string): Promise<Alert[]> {
  const alerts: Alert[] = [];
  for await (const packet of readArchive([join(sharedData, file)])) {
    if (isBad(packet)) throw packet.problem;
    alerts.push(ztf.readAlert(packet));
  }
  return alerts.sort((a, b) => a.jd - b.jd || (BigInt(a.alertId) < BigInt(b.alertId) ? -1 : 1));
}

describeWithData('T2LightCurveSummary on real light curves', () => {
  it('gives the bodies that AMPEL gives to every state of four objects, one alert after the other', async () => {
    const oracle = join(sharedData, 'reference/oracles/ampel_ingest_shared.json');
    const { sets } = oracleSchema.parse(JSON.parse(await readFile(oracle, 'utf8')));
    let compared = 0;
    for (const [file, { alerts, t2_bodies: bodies }] of Object.entries(sets)) {
      if (bodies === undefined) continue;
      const packets = await alertsOf(file);
      expect(packets.map((alert) => alert.alertId)).toEqual(alerts.map((alert) => alert.candid));
      const known = new Map<string, Datapoint>();
      const seen = new Set<string>();
      for (const [i, { stock, link, dps = [] }] of alerts.entries()) {
        // The body that came first stays, be it the short one of an alert's history.
        for (const datapoint of packets[i]?.datapoints ?? []) {
          if (!known.has(datapoint.id)) known.set(datapoint.id, datapoint);
        }
        const datapoints = dps.flatMap((id) => known.get(id) ?? []).sort((a, b) => a.jd - b.jd);
        expect(datapoints).toHaveLength(dps.length);
        const key = `${stock}:${link}`;
        const state = { objectId: packets[i]?.objectId ?? '', stock: String(stock), link: String(link), datapoints };
        expect({ key, body: t2LightCurveSummary.run(state, defaults) }).toEqual({ key, body: bodies[key]?.body });
        seen.add(key);
      }
      expect([...seen].sort()).toEqual(Object.keys(bodies).sort());
      compared += seen.size;
    }
    expect(compared).toBe(42);
  });
});
