import fc from 'fast-check';
import type { z } from 'zod';
import type { Datapoint, DatapointKind } from '../../model/datapoint.js';
import { bazin } from '../fits/bazin.js';
import { checkedResult } from '../run-t2.js';
import { t2BazinFit } from './t2-bazin-fit.js';

const JD = 2460000.5;
/** A 5000 nJy, t0 12 d, rise 3 d, decline 25 d, no base. */
const TRUTH = [5000, 12, 3, 25, 0];
const DAYS = Array.from({ length: 25 }, (_, i) => 2.5 * i);

/** A point of LSST: before the rise it is forced photometry. */
function lsst(days: number, psfFlux: number, band = 'r', startJd = JD): Datapoint {
  const kind: DatapointKind = psfFlux > 250 ? 'detection' : 'forced';
  const body = { psfFlux, psfFluxErr: 50 };
  return { id: `${days}${band}`, kind, jd: startJd + days, band, tags: ['LSST'], body };
}

function fit(datapoints: readonly Datapoint[], config: object = {}): z.output<typeof t2BazinFit.result> {
  const curve = { objectId: '170028482643992644', stock: '1', link: '1', datapoints };
  const result = t2BazinFit.run(curve, t2BazinFit.config.parse(config));
  checkedResult(t2BazinFit, result);
  return result;
}

const supernova = (startJd = JD): Datapoint[] => DAYS.map((days) => lsst(days, bazin.value(days, TRUTH), 'r', startJd));

describe('the fit of a rise and a decline', () => {
  it('finds a supernova in the fluxes of LSST, with the time and the brightness of its peak', () => {
    const { r } = fit(supernova());
    expect(r).toMatchObject({ points: 25, reference_jd: JD, dof: 20, at_bounds: [] });
    [r?.amplitude, r?.t0, r?.tau_rise, r?.tau_fall, r?.base].forEach((value, i) => {
      expect(value).toBeCloseTo(TRUTH[i] ?? Number.NaN, 3);
    });
    // t0 + 3 ln(25/3 - 1); the derivative is 0 there.
    expect(r?.peak_jd).toBeCloseTo(JD + 12 + 3 * Math.log(22 / 3), 5);
    const top = (25 / 3 - 1) ** (-3 / 25) * (22 / 25) * 5000;
    expect(r?.peak_flux).toBeCloseTo(top, 2);
    expect(r?.peak_mag).toBeCloseTo(31.4 - 2.5 * Math.log10(top), 6);
    expect(r?.peak_mag_err).toBeCloseTo(((2.5 / Math.LN10) * (r?.peak_flux_err ?? 0)) / top, 6);
  });

  it('moves with the light curve in time', () => {
    const still = fit(supernova())['r'];
    fc.assert(
      fc.property(fc.integer({ min: -4000, max: 4000 }), (days) => {
        const moved = fit(supernova(JD + days))['r'];
        expect((moved?.peak_jd ?? 0) - days).toBeCloseTo(still?.peak_jd ?? 0, 5);
        expect(moved?.tau_fall).toBeCloseTo(still?.tau_fall ?? 0, 5);
      }),
      { numRuns: 20 },
    );
  });

  it('is one of each band that was asked for', () => {
    const points = [...supernova(), ...DAYS.map((days) => lsst(days, 2 * bazin.value(days, TRUTH), 'i'))];
    expect(Object.keys(fit(points))).toEqual(['r', 'i']);
    expect(Object.keys(fit(points, { bands: ['i', 'z'] }))).toEqual(['i']);
    expect(() => fit(points, { bands: ['z'] })).toThrow('no flux in the bands asked for');
  });

  it('has no magnitude of a top that is below the reference', () => {
    const below = DAYS.map((days) => lsst(days, bazin.value(days, TRUTH) - 6000));
    const { r } = fit(below);
    expect(r?.base).toBeCloseTo(-6000, 2);
    expect(r).toMatchObject({ peak_mag: null, peak_mag_err: null });
    expect(r?.peak_flux).toBeLessThan(0);
  });

  it('says what stands at a bound, and then tells of no peak: a step, which rises at once', () => {
    const step = DAYS.map((days) => lsst(days, days < 11 ? 0 : 5000 * Math.exp(-days / 25)));
    const { r } = fit([...step, lsst(10.99, 2500), lsst(11.01, 3200)]);
    expect(r?.at_bounds).toContain('tau_rise');
    expect(r?.covariance[2]).toEqual([0, 0, 0, 0, 0]);
    expect(r).toMatchObject({ peak_jd: null, peak_jd_err: null, peak_flux: null, peak_mag: null, peak_mag_err: null });
  });

  it('is none of five points, and none of a decline alone, which determines no rise', () => {
    const fading = DAYS.map((days) => lsst(days, 5000 * Math.exp(-days / 25)));
    expect(() =>
      fit([
        ...fading,
        ...supernova()
          .slice(0, 5)
          .map((point) => ({ ...point, band: 'g' })),
      ]),
    ).toThrow('no fit: r: 25 points that do not determine a rise and a decline; g: 5 points, expected 6');
  });
});
