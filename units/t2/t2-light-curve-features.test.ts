import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Datapoint } from '../../model/datapoint.js';
import type { LightCurve } from '../../model/t2-input.js';
import { readArchive } from '../../streams/archive/archive.js';
import { isBad } from '../../streams/packet.js';
import { ztf } from '../../streams/ztf/survey.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { parseConfig } from '../parse-config.js';
import { t2LightCurveFeatures } from './t2-light-curve-features.js';

const defaults = t2LightCurveFeatures.config.parse({});

function detection(band: string, jd: number, magpsf: number, more: Partial<Datapoint> = {}): Datapoint {
  const body = { jd, magpsf, sigmapsf: 0.1 };
  return { id: String(jd), kind: 'detection', jd, band, tags: ['ZTF', 'ZTF_PUB'], body, ...more };
}

function lightCurve(datapoints: readonly Datapoint[]): LightCurve {
  return { objectId: 'ZTF20abyfpze', stock: '367159587', link: '-701688507', datapoints };
}

const fading = [detection('g', 2459001.5, 18), detection('g', 2459002.5, 18.2), detection('g', 2459003.5, 18.4)];

describe('T2LightCurveFeatures', () => {
  it('names features after AMPEL’s bands and leaves out a band with fewer than three detections', () => {
    const twoInRed = [detection('r', 2459001.6, 17.9), detection('r', 2459002.6, 18)];
    const result = t2LightCurveFeatures.run(lightCurve([...fading, ...twoInRed]), defaults);
    expect(Object.keys(result)).toEqual([
      'inter_percentile_range_25_ztfg',
      'linear_fit_slope_ztfg',
      'linear_fit_slope_sigma_ztfg',
      'linear_fit_reduced_chi2_ztfg',
      'stetson_K_ztfg',
    ]);
    expect(result['linear_fit_slope_ztfg']).toBeCloseTo(0.2, 9);
  });

  it('looks at detections of ZTF with a magnitude only: no limits, no forced photometry, no other survey', () => {
    const others = [
      detection('g', 2459004.5, 12, { kind: 'upperLimit' }),
      detection('g', 2459005.5, 12, { kind: 'forced' }),
      detection('g', 2459006.5, 12, { tags: ['LSST'] }),
      detection('g', 2459007.5, Number.NaN),
      detection('g', 2459008.5, 12, { body: { magpsf: 12 } }),
    ];
    const result = t2LightCurveFeatures.run(lightCurve([...fading, ...others]), defaults);
    expect(result).toEqual(t2LightCurveFeatures.run(lightCurve(fading), defaults));
  });

  it('leaves out a band without variation where Stetson K is asked for, as AMPEL does', () => {
    const constant = fading.map((point) => detection('g', point.jd, 18));
    expect(t2LightCurveFeatures.run(lightCurve(constant), defaults)).toEqual({});
    const { LinearFit } = defaults.features;
    expect(t2LightCurveFeatures.run(lightCurve(constant), { features: { LinearFit } })).toMatchObject({
      linear_fit_slope_ztfg: 0,
      linear_fit_reduced_chi2_ztfg: 0,
    });
  });

  it('writes null for a slope that does not exist: three detections of one exposure', () => {
    const atOnce = [0, 1, 2].map((i) => detection('g', 2459001.5, 18 + i));
    expect(t2LightCurveFeatures.run(lightCurve(atOnce), defaults)).toMatchObject({
      linear_fit_slope_ztfg: null,
      linear_fit_slope_sigma_ztfg: null,
      inter_percentile_range_25_ztfg: 1.5,
    });
  });

  it('takes AMPEL’s config: features with parameters or null, and its tabulator', () => {
    const config = { features: { InterPercentileRange: { quantile: 0.1 } }, tabulator: [{ unit: 'ZTFT2Tabulator' }] };
    const parsed = parseConfig(t2LightCurveFeatures, config);
    const result = parsed.ok ? t2LightCurveFeatures.run(lightCurve(fading.slice(0, 2)), parsed.config) : {};
    expect(Object.keys(result)).toEqual(['inter_percentile_range_10_ztfg']);
    expect(result['inter_percentile_range_10_ztfg']).toBeCloseTo(0.2, 9);
    const misspelt = parseConfig(t2LightCurveFeatures, { features: { StetsonJ: null } });
    expect(misspelt).toEqual({
      ok: false,
      issues: [{ path: ['features', 'StetsonJ'], message: 'unknown key "StetsonJ"; did you mean "StetsonK"?' }],
    });
  });
});

describeWithData('T2LightCurveFeatures on the 41 detections of ZTF20abyfpze', () => {
  it('agrees with the features that AMPEL computes to a hundred-millionth', async () => {
    const features = new Map<string, number | null>();
    for await (const packet of readArchive([join(sharedData, 'ztf/series/ZTF20abyfpze_one_alert.avro')])) {
      if (isBad(packet)) throw packet.problem;
      const datapoints = ztf.readAlert(packet).datapoints.toSorted((a, b) => a.jd - b.jd);
      const result = t2LightCurveFeatures.run(lightCurve(datapoints), defaults);
      for (const [name, value] of Object.entries(result)) features.set(name, value);
    }
    // AMPEL's snapshot is Python text: 'stetson_K_ztfg': np.float64(0.85…),
    const snapshot = await readFile(join(sharedData, 'reference/ampel/test_T2LightCurveFeatures.ambr'), 'utf8');
    const expected = [...snapshot.matchAll(/'(\w+)': np\.float64\(([-+\d.e]+)\)/g)];
    expect(expected.map(([, name]) => name)).toEqual([...features.keys()].sort());
    expect(expected).toHaveLength(10);
    for (const [, name = '', value] of expected) {
      // The reference loses the last digits of the slope to Julian dates of seven places.
      expect(Math.abs((features.get(name) ?? Number.NaN) / Number(value) - 1)).toBeLessThan(1e-8);
    }
  });
});
