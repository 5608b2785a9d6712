import type { LightCurve } from '../../model/t2-input.js';
import { describeWithData } from '../../test/shared-data.js';
import { SUPERNOVA, supernovaLightCurve } from '../../test/supernova-light-curve.js';
import { BadInput } from '../define.js';
import { t2AbsoluteMagnitude } from './t2-absolute-magnitude.js';
import { t2BazinFit } from './t2-bazin-fit.js';
import { t2PolynomialFit } from './t2-polynomial-fit.js';
import { t2RiseDeclineStat } from './t2-rise-decline-stat.js';

/**
 * What the ZTF Bright Transient Survey publishes of SN 2018fli (Perley et al. 2020, ApJ 904, 35): peak in r, the time of it, absolute
 * magnitude corrected for the extinction of the Galaxy.
 */
const BTS = { peakJd: 2458360.75, peakMag: 18.3411, peakAbs: -19.05, redshift: 0.06607, extinctionV: 0.109 };
/** Of r over V (Schlafly & Finkbeiner 2011, ApJ 737, 103, R_V = 3.1). */
const R_OVER_V = 0.845;

describeWithData('SN 2018fli', () => {
  let curve: LightCurve;

  beforeAll(async () => {
    curve = await supernovaLightCurve();
  });

  it('was brightest in r when and as the Bright Transient Survey says', () => {
    const found = t2RiseDeclineStat.run(curve, t2RiseDeclineStat.config.parse({}));
    expect(found['jd_peak_r']).toBeCloseTo(BTS.peakJd, 1);
    expect(found['mag_peak_r']).toBeCloseTo(BTS.peakMag, 3);
    expect(found).toMatchObject({ bool_rise: true, bool_fall: true, bool_peaked: true });
  });

  it('had the absolute magnitude of a supernova of type Ia', () => {
    const body = t2RiseDeclineStat.run(curve, t2RiseDeclineStat.config.parse({}));
    const config = t2AbsoluteMagnitude.config.parse({ redshifts: { [SUPERNOVA]: BTS.redshift } });
    const needed = { T2RiseDeclineStat: [{ link: '1', body }] };
    const found = t2AbsoluteMagnitude.run(curve, config, needed);
    expect((found['abs_mag_peak_r'] ?? 0) - R_OVER_V * BTS.extinctionV).toBeCloseTo(BTS.peakAbs, 1);
    const none = t2AbsoluteMagnitude.config.parse({});
    expect(() => t2AbsoluteMagnitude.run(curve, none, needed)).toThrow(`no redshift for ${SUPERNOVA}`);
  });

  // Golden values: scipy 1.17, curve_fit on the fluxes 10^((31.4 - magpsf) / 2.5) nJy, absolute_sigma=True, best of 12 starts.
  it('has the fit of Bazin’s curve that scipy finds', () => {
    const { r } = t2BazinFit.run(curve, t2BazinFit.config.parse({}));
    expect(r?.chi2).toBeCloseTo(0.6056543160036033, 8);
    expect([r?.t0, r?.tau_rise, r?.tau_fall].map((one) => one?.toFixed(3))).toEqual(['6.784', '3.650', '25.778']);
    expect((r?.amplitude ?? 0) / 2.70447524e5).toBeCloseTo(1, 5);
    const sigma = r?.covariance.map((row, n) => Math.sqrt(row[n] ?? 0)) ?? [];
    [7.97106062e4, 1.75995901, 1.17565365, 7.50412479, 4.44194708e4].forEach((expected, n) => {
      expect((sigma[n] ?? 0) / expected).toBeCloseTo(1, 3);
    });
    expect(Math.abs((r?.peak_mag ?? 0) - BTS.peakMag)).toBeLessThan(r?.peak_mag_err ?? 0);
    expect(() => t2BazinFit.run(curve, t2BazinFit.config.parse({ bands: ['g'] }))).toThrow(BadInput);
  });

  // Golden values: numpy 2.4, polyfit(jd - last, magpsf, 2, w=1/sigmapsf, cov='unscaled').
  it('has the parabola that numpy finds, in the bands that have enough points', () => {
    const found = t2PolynomialFit.run(curve, t2PolynomialFit.config.parse({ degree: 2 }));
    expect(Object.keys(found)).toEqual(['r']);
    const { r } = found;
    [19.036706455519543, 0.11645647420237577, 0.004537866556986194].forEach((expected, n) => {
      expect(r?.coefficients[n]).toBeCloseTo(expected, 10);
    });
    [0.08139827, 0.01230986, 0.00043365].forEach((expected, n) => {
      expect(Math.sqrt(r?.covariance[n]?.[n] ?? 0)).toBeCloseTo(expected, 7);
    });
    expect(r?.peak_jd).toBeCloseTo(2458360.794617256, 5);
    expect(r?.peak_mag).toBeCloseTo(18.289543101698058, 8);
  });

  it('rose and declined in straight lines: each part by itself, and only the last days', () => {
    const slope = (config: object): number | undefined =>
      t2PolynomialFit.run(curve, t2PolynomialFit.config.parse(config))['r']?.coefficients[1];
    const stat = t2RiseDeclineStat.run(curve, t2RiseDeclineStat.config.parse({}));
    expect(slope({ part: 'rise' })).toBeCloseTo(Number(stat['rise_slope_r']), 10);
    expect(slope({ part: 'decline' })).toBeCloseTo(Number(stat['fall_slope_r']), 10);
    expect(slope({ window: 14 })).toBeCloseTo(Number(stat['fall_slope_r']), 10);
    expect(() => slope({ degree: 2, window: 5 })).toThrow('no band has 4 points');
  });
});
