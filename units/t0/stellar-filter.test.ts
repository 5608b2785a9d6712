import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { galacticLatitudeDeg } from '../../model/galactic.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { parseConfig } from '../parse-config.js';
import { stellarFilter } from './stellar-filter.js';

type Cuts = ReturnType<typeof stellarFilter.config.parse>;

/** On a star of PanSTARRS, at 18.5 mag. */
const GOOD: Fields = { ...(CANDIDATE as Fields), distpsnr1: 0.5, sgscore1: 0.9 };
/** Two weeks ago at 20 mag in the mean, yesterday at 18 mag; a limit. */
const HISTORY: readonly Fields[] = [
  { jd: 2458425.75, candid: '1', magpsf: 18 },
  { jd: 2458424.75, candid: null, magpsf: null },
  { jd: 2458413.75, candid: '2', magpsf: 19.5 },
  { jd: 2458412.75, candid: '3', magpsf: 20.5 },
];
const CONFIG = {
  ...{ min_ndet: 3, max_ndet: 10, min_tspan: -99, max_tspan: 100, min_rb: 0.3 },
  ...{ require_ps_star: true, require_gaia_star: false },
};
const CUTS = stellarFilter.config.parse(CONFIG);
const ACCEPTED: Verdict = { accepted: true };
const latitudeDeg = Math.abs(galacticLatitudeDeg(180, 60));
const CROWDED: Fields = {
  ...{ distpsnr1: 0.25, sgscore1: 0.55, distpsnr2: 0.5, sgscore2: 0.5, distpsnr3: 0.75, sgscore3: 0.45 },
};

const bind = (cuts: Partial<Cuts> = {}) =>
  ((input) => stellarFilter.run(input, { ...CUTS, ...cuts })) satisfies Parameters<typeof fieldsRead>[1];

function decide(candidate: Fields = {}, cuts: Partial<Cuts> = {}, history = HISTORY): Verdict {
  return stellarFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...CUTS, ...cuts });
}

describe('StellarFilter', () => {
  it("has AMPEL's defaults", () => {
    expect(CUTS).toEqual({
      ...CONFIG,
      ...{ min_archive_tspan: 0, max_archive_tspan: 100_000, max_mag: 30, peak_time_limit: 10, min_peak_diff: 1 },
      ...{ min_drb: 0, max_fwhm: 5.5, max_elong: 1.4, max_magdiff: 1, max_nbad: 0, min_sso_dist: 20 },
      ...{ min_gal_lat: -1, max_gal_lat: 999, avoid_ps_confusion: false, ps1_sgveto_rad: 1, ps1_sgveto_th: 0.8 },
      ...{ ps1_confusion_rad: 1, ps1_confusion_sg_tol: 0.1, gaia_rs: 20, gaia_pm_signif: 3, gaia_plx_signif: 3 },
      ...{ gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999 },
    });
  });

  it.each<[string, Fields, Partial<Cuts>]>([
    ['an outburst of a star', {}, {}],
    ['one with as many detections as the most', {}, { max_ndet: 4 }],
    ['one as faint as the faintest', {}, { max_mag: 18.5 }],
    ['a rise of the least size', {}, { min_peak_diff: 1.75 }],
    ['one as far from the plane as the farthest', {}, { max_gal_lat: latitudeDeg }],
    ['one beside the plane', { ra: 266.4, dec: -29 }, {}],
    ['one that need not be on a star', { distpsnr1: 9 }, { require_ps_star: false }],
    ['one in a confused field, which nobody asked about', CROWDED, { require_ps_star: false }],
  ])('accepts %s', (_, candidate, cuts) => {
    expect(decide(candidate, cuts)).toEqual(ACCEPTED);
  });

  it.each<[string, string, Fields, Partial<Cuts>, object]>([
    ['too few detections', 'nDet', {}, { min_ndet: 5 }, { value: 4, limit: 5 }],
    ['too many', 'nDet', {}, { max_ndet: 3 }, { value: 4, limit: 3 }],
    ['too short a history', 'tSpan', {}, { min_tspan: 15 }, { value: 14, limit: 15 }],
    ['a negative subtraction', 'isdiffpos', { isdiffpos: 'f' }, {}, { value: 'f' }],
    ['a bogus', 'rb', { rb: 0.2 }, {}, { value: 0.2, limit: 0.3 }],
    ['a bogus by deep learning', 'drb', {}, { min_drb: 0.999 }, { value: 0.996 }],
    ['an unknown deep-learning score', 'drb', { drb: null }, { min_drb: 0.5 }, { value: null }],
    ['a blurred image', 'fwhm', { fwhm: 6 }, {}, { limit: 5.5 }],
    ['a trail', 'elong', { elong: 1.5 }, {}, { limit: 1.4 }],
    ['an extended source', 'magdiff', { magdiff: 1.5 }, {}, { limit: 1 }],
    ['a single visit', 'archive_tspan', { jdstarthist: 2458426.75 }, {}, { value: 0, limit: 0 }],
    ['a faint one', 'magpsf', {}, { max_mag: 18.25 }, { value: 18.5, limit: 18.25 }],
    ['one without a past', 'noEarlierDetection', {}, { peak_time_limit: 30 }, { value: 0, limit: 30, field: 'jd' }],
    ['too small a rise', 'peakDiff', {}, { min_peak_diff: 1.8 }, { value: 1.75, limit: 1.8, field: 'magpsf' }],
    ['an asteroid', 'ssdistnr', { ssdistnr: 3 }, {}, { value: 3, limit: 20 }],
    ['one near the plane', 'galPlane', {}, { min_gal_lat: 80 }, { value: latitudeDeg, limit: 80 }],
    ['one far from the plane', 'galLat', {}, { max_gal_lat: 20 }, { value: latitudeDeg, limit: 20, field: 'dec' }],
    ['one beside a star', 'distpsnr1', { distpsnr1: 1 }, {}, { value: 1, limit: 1 }],
    ['one on a galaxy', 'distpsnr1', { sgscore1: 0.8 }, {}, { value: 0.5 }],
    [
      'one in a confused field',
      'ps1Confusion',
      CROWDED,
      { require_ps_star: false, avoid_ps_confusion: true },
      { value: true },
    ],
  ])('rejects %s', (_, reason, candidate, cuts, why) => {
    expect(decide(candidate, cuts)).toMatchObject({ accepted: false, reason, ...why });
  });

  it.each(['isdiffpos', 'rb', 'fwhm', 'elong', 'magdiff', 'magpsf', 'ssdistnr', 'ra', 'dec', 'distpsnr1', 'sgscore1'])(
    'rejects an alert without %s, or with null',
    (field) => {
      const missing = stellarFilter.run({ candidate: without(GOOD, field), history: HISTORY }, CUTS);
      expect(missing).toEqual({ accepted: false, reason: 'missing', field });
      expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
    },
  );

  it('needs the other neighbours only where confusion is asked about', () => {
    expect(decide({ distpsnr3: null })).toEqual(ACCEPTED);
    const rejection = { accepted: false, reason: 'isNone', field: 'distpsnr3' };
    expect(decide({ distpsnr3: null }, { avoid_ps_confusion: true })).toEqual(rejection);
  });

  it('finds no rise where a magnitude is unknown, at which AMPEL fails', () => {
    const earlier = [...HISTORY, { jd: 2458412.75, candid: '4', magpsf: null }];
    expect(decide({}, {}, earlier)).toMatchObject({ accepted: false, reason: 'peakDiff' });
    expect(decide({}, {}, [...HISTORY, { jd: 2458412.75, candid: '4' }])).toEqual(ACCEPTED);
  });

  it('reads the fields that it declares, and no others', () => {
    const cuts = { avoid_ps_confusion: true, min_drb: 0.5, min_gal_lat: 1 };
    const near = { distpsnr2: 0.5, sgscore2: 0.5, distpsnr3: 0.5, sgscore3: 0.9 };
    const { verdict, candidate, history } = fieldsRead(
      { candidate: { ...GOOD, ...near }, history: HISTORY },
      bind(cuts),
    );
    expect(verdict).toEqual(ACCEPTED);
    expect(candidate).toEqual([...stellarFilter.reads.candidate].sort());
    expect(history).toEqual([...stellarFilter.reads.history].sort());
  });

  it('cannot ask Gaia for a star yet, and says so', () => {
    const checked = parseConfig(stellarFilter, { ...CONFIG, require_gaia_star: true });
    const message = expect.stringContaining('set require_gaia_star: false to go without it') as string;
    expect(checked.ok ? [] : checked.issues).toEqual([{ path: ['require_gaia_star'], message }]);
  });
});
