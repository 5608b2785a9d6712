import type { z } from 'zod';
import type { Datapoint, DatapointKind, Fields } from '../../model/datapoint.js';
import type { LightCurve } from '../../model/t2-input.js';
import { describeWithData } from '../../test/shared-data.js';
import { supernovaLightCurve } from '../../test/supernova-light-curve.js';
import { checkedResult } from '../run-t2.js';
import { t2RiseDeclineStat } from './t2-rise-decline-stat.js';

const JD = 2459000.5;

function point(days: number, band: string, body: Fields, kind: DatapointKind = 'detection'): Datapoint {
  return { id: `${days}${band}`, kind, jd: JD + days, band, tags: ['ZTF'], body };
}

const detection = (days: number, band: string, magpsf: number, more: Fields = {}): Datapoint =>
  point(days, band, { magpsf, sigmapsf: 0.05, isdiffpos: 't', ...more });

const limit = (days: number, diffmaglim: number): Datapoint => point(days, 'r', { diffmaglim }, 'upperLimit');

type Stat = z.output<typeof t2RiseDeclineStat.result>;

function stat(datapoints: readonly Datapoint[], config: object = {}): Stat {
  const curve: LightCurve = { objectId: 'ZTF18abxhyqv', stock: '1', link: '1', datapoints };
  const result = t2RiseDeclineStat.run(curve, t2RiseDeclineStat.config.parse(config));
  checkedResult(t2RiseDeclineStat, result);
  return result;
}

function expectStat(found: Stat, expected: Readonly<Record<string, number | boolean | null>>): void {
  for (const [name, value] of Object.entries(expected)) {
    if (typeof value === 'number') expect([name, Number(found[name]).toFixed(6)]).toEqual([name, value.toFixed(6)]);
    else expect([name, found[name]]).toEqual([name, value]);
  }
}

/** Simulated, a parabola in g and r: days, band, magpsf, sigmapsf, rb, distnr; the seventh is negative. */
const SIMULATED: readonly (readonly [number, string, number, number, number, number])[] = [
  [0, 'g', 18.392, 0.048, 0.91, 0.18],
  [0.04, 'r', 18.702, 0.074, 0.59, 0.11],
  [2.9, 'g', 18.167, 0.069, 0.78, 0.3],
  [3, 'r', 18.387, 0.07, 0.71, 1.27],
  [6.1, 'g', 18.043, 0.071, 0.7, 0.37],
  [6.14, 'r', 18.304, 0.061, 0.95, 1.55],
  [9, 'g', 17.966, 0.085, 0.74, 1.39],
  [12.9, 'r', 18.325, 0.036, 0.6, 1.77],
  [13, 'g', 18.193, 0.081, 0.82, 0.81],
  [17.2, 'r', 18.751, 0.066, 0.93, 0.88],
  [19.1, 'g', 18.749, 0.067, 0.91, 1],
  [60, 'r', 20.174, 0.05, 0.76, 0.43],
];
const DETECTIONS = SIMULATED.map(([days, band, magpsf, sigmapsf, rb, distnr], n) =>
  detection(days, band, magpsf, { sigmapsf, rb, distnr, isdiffpos: n === 6 ? 'f' : 't' }),
);
/** The second is brighter than 20 mag: weak. */
const LIMITS = [limit(-2, 20.3), limit(-1, 19.1)];

// Golden values: AMPEL's T2RiseDeclineStat itself (ampel-hu-astro 0.8.4), on the same points.
describe('what a light curve does, by AMPEL’s own names', () => {
  it('is what AMPEL says of one that has peaked, with a gap and a limit between', () => {
    expectStat(stat([...LIMITS, ...DETECTIONS, limit(4, 20.5)]), {
      ...{ ndet: 11, jd_det: JD, jd_last: JD + 60, mag_det: 18.392, mag_last: 20.174, t_lc: 60 },
      ...{ rb_med: 0.78, drb_med: null, distnr_med: 0.81, maggaia_med: null, t_predetect: 2 },
      ...{ bool_pure: false, bool_peaked: true, bool_rising: false, bool_norise: false, bool_hasgaps: true },
      ...{ jd_max: 2459006.6, mag_peak: 18.043 },
      ...{ slope_rise_g: -0.05897385251090918, slope_fall_g: 0.054274358242900646 },
      ...{ slope_rise_r: -0.10641891893951792, slope_fall_r: 0.03709356795499447 },
      ...{ col_det: -0.31, col_last: null, col_peak: -0.261 },
    });
  });

  it('is what AMPEL says of one that has been seen for three days', () => {
    expectStat(stat([...LIMITS, ...DETECTIONS.slice(0, 4)]), {
      ...{ ndet: 4, jd_last: JD + 3, mag_last: 18.387, t_lc: 3, rb_med: 0.745, distnr_med: 0.24, t_predetect: 2 },
      ...{ bool_pure: true, bool_peaked: false, bool_rising: true, bool_norise: true, bool_hasgaps: false },
      ...{ jd_max: null, mag_peak: null, slope_rise_g: null, slope_rise_r: null, slope_fall_r: null },
      ...{ col_det: -0.31, col_last: -0.22, col_peak: null },
    });
  });

  it('is what AMPEL says of a single detection', () => {
    expectStat(stat([...LIMITS, ...DETECTIONS.slice(0, 1)]), {
      ...{ ndet: 1, jd_det: JD, jd_last: JD, mag_last: 18.392, t_lc: 0, rb_med: 0.91, distnr_med: 0.18 },
      ...{ bool_pure: true, bool_peaked: false, bool_rising: true, bool_norise: true, bool_hasgaps: null },
      ...{ jd_max: null, mag_peak: null, slope_rise_g: null, col_det: null, col_last: null, col_peak: null },
    });
  });

  it('takes AMPEL’s keys for what is simultaneous, a gap and a weak limit', () => {
    const config = { max_tsep: 0.03, max_tgap: 50, min_UL: 19 };
    expectStat(stat([...LIMITS, ...DETECTIONS], config), { t_predetect: 1, bool_hasgaps: false, col_det: null });
  });
});

describeWithData('SN 2018fli', () => {
  it('rose, peaked and declined as AMPEL’s T2RiseDeclineStat says', async () => {
    const curve = await supernovaLightCurve();
    const before = { ...limit(0, 20.015399932861328), jd: 2458339.6535995 };
    expectStat(stat([before, ...curve.datapoints]), {
      ...{ ndet: 10, jd_det: 2458343.6521875, jd_last: 2458373.62625, t_lc: 29.97406250005588 },
      ...{ mag_det: 19.96540069580078, mag_last: 18.89119529724121, t_predetect: 3.998587999958545 },
      ...{ rb_med: 0.6449998319149017, drb_med: null, distnr_med: 2.2441248893737793, magnr_med: 22.28499984741211 },
      ...{ classtar_med: 0.9884999990463257, sgscore1_med: 0.5, distpsnr1_med: 15.384442329406738 },
      ...{ sgscore2_med: 0.5, distpsnr2_med: 17.98440933227539, neargaia_med: 60.776649475097656 },
      ...{ maggaia_med: 17.757875442504883, bool_pure: true, bool_peaked: true, bool_rising: false },
      ...{ jd_max: 2458360.7482292, mag_peak: 18.341100692749023, bool_norise: false, bool_hasgaps: false },
      ...{ slope_rise_g: null, slope_fall_g: null, col_det: null, col_last: null, col_peak: null },
      ...{ slope_rise_r: -0.06971756172388992, slope_fall_r: 0.04324959751035607 },
    });
  });
});

describe('what a band does', () => {
  it('is told by its own brightest detection and straight lines on both sides of it', () => {
    const points = [
      ...[detection(0, 'r', 19), detection(0.5, 'g', 19.2), detection(5, 'r', 18), detection(10, 'r', 18.5)],
      detection(10.5, 'g', 19),
    ];
    const found = stat(points);
    // Two points of 0.05 mag five days apart: the slope has an error of √2 0.01 mag/day.
    expectStat(found, {
      ...{ jd_peak_r: JD + 5, mag_peak_r: 18, jd_peak_g: JD + 10.5, mag_peak_g: 19 },
      ...{ rise_slope_r: -0.2, rise_slopesig_r: 10 * Math.SQRT2, fall_slope_r: 0.1, fall_slopesig_r: -5 * Math.SQRT2 },
      ...{ fall_slope_g: null, fall_slopesig_g: null, bool_rise: true, bool_fall: true },
    });
  });

  it('is no rise that its errors do not bear out', () => {
    const points = [detection(0, 'r', 18.1), detection(1, 'r', 18)];
    expect(stat(points)).toMatchObject({ bool_rise: false, bool_fall: false });
    expect(stat(points, { significance: 1 })).toMatchObject({ bool_rise: true, bool_fall: false });
  });

  it('has no slope of two detections in one exposure', () => {
    const found = stat([detection(0, 'r', 18.1), { ...detection(0, 'r', 18), id: '2' }]);
    expectStat(found, { rise_slope_r: null, slope_rise_r: null, bool_rise: false, mag_peak_r: 18 });
  });

  it('of LSST is told in AB magnitudes of its fluxes, without the medians of ZTF', () => {
    const flux = (days: number, psfFlux: number): Datapoint => ({
      ...point(days, 'i', { psfFlux, psfFluxErr: 10 }),
      tags: ['LSST'],
    });
    const found = stat([flux(0, 100), flux(3, 1000), flux(4, -500)]);
    expectStat(found, { ndet: 2, mag_peak_i: 23.9, mag_det: 26.4 });
    expect(found).not.toHaveProperty('rb_med');
  });

  it('is nothing without a detection that is brighter than the reference', () => {
    const faint = detection(0, 'r', 18, { isdiffpos: 'f' });
    expect(() => stat([faint, limit(1, 20.5)])).toThrow('no detection brighter than the reference');
  });
});
