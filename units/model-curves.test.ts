import type { Datapoint } from '../model/datapoint.js';
import { modelCurves } from './model-curves.js';
import { loadRegistry, type Registry } from './registry.js';

const JD = 2460000.5;
/** 5000 nJy, t0 12 d, rise 3 d, decline 25 d: its top is 25/3 - 1 to the -3/25, times 22/25, times 5000 nJy, at t0 + 3 ln(22/3). */
const TOP_DAYS = 12 + 3 * Math.log(22 / 3);
const TOP_MAG = 31.4 - 2.5 * Math.log10((22 / 3) ** (-3 / 25) * (22 / 25) * 5000);
const fit = {
  ...{ points: 25, reference_jd: JD, amplitude: 5000, t0: 12, tau_rise: 3, tau_fall: 25, base: 0 },
  ...{ covariance: [], at_bounds: [], chi2: 20, dof: 20, peak_jd: null, peak_jd_err: null },
  ...{ peak_flux: null, peak_flux_err: null, peak_mag: null, peak_mag_err: null },
};

function point(days: number, band: string, kind: Datapoint['kind'] = 'detection'): Datapoint {
  return { id: `${days}${band}`, kind, jd: JD + days, band, tags: ['ZTF'], body: {} };
}

let registry: Registry;

beforeAll(async () => {
  registry = await loadRegistry();
});

describe('the curves of models', () => {
  it('go from the first to the last point of their band, through the top that the formula has', () => {
    const points = [point(-30, 'r', 'upperLimit'), point(TOP_DAYS, 'r'), point(TOP_DAYS + 60, 'r'), point(80, 'g')];
    const [curve, ...others] = modelCurves(registry, [{ unit: 'T2BazinFit', body: { r: fit } }], points);
    expect(others).toEqual([]);
    expect(curve?.band).toBe('r');
    const [[jd, mag] = [0, 0]] = curve?.points ?? [];
    expect(jd).toBe(JD + TOP_DAYS);
    expect(mag).toBeCloseTo(TOP_MAG, 9);
    expect(curve?.points.at(-1)?.[0]).toBe(JD + TOP_DAYS + 60);
    // Long after its top it loses a magnitude in 25 ln(10) / 2.5 days.
    const [before, after] = [curve?.points.at(-2), curve?.points.at(-1)].map((one) => one ?? [0, 0]);
    const slope = ((after?.[1] ?? 0) - (before?.[1] ?? 0)) / ((after?.[0] ?? 0) - (before?.[0] ?? 1));
    expect(slope).toBeCloseTo(2.5 / Math.LN10 / 25, 4);
  });

  it('have no value where the flux is none', () => {
    const below = { ...fit, amplitude: 0, base: -10 };
    const [curve] = modelCurves(registry, [{ unit: 'T2BazinFit', body: { r: below } }], [point(0, 'r'), point(9, 'r')]);
    expect(curve?.points.every(([, mag]) => Number.isNaN(mag))).toBe(true);
  });

  it.each([
    ['a unit that this program has not', 'T2OfOthers', { r: fit }],
    ['a result of another form', 'T2BazinFit', { r: { a: 1 } }],
    ['a unit without a model', 'T2LightCurveSummary', { num_detections: 2 }],
    ['a band without points', 'T2BazinFit', { z: fit }],
  ])('are none of %s', (_what, unit, body) => {
    expect(modelCurves(registry, [{ unit, body }], [point(0, 'r'), point(9, 'r')])).toEqual([]);
  });
});
