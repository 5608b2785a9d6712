import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { parseConfig } from '../parse-config.js';
import { xShooterFilter } from './x-shooter-filter.js';

type Cuts = ReturnType<typeof xShooterFilter.config.parse>;

const GOOD: Fields = { ...(CANDIDATE as Fields), chipsf: 1.5, seeratio: 1, sumrat: 0.875 };
/** A detection half a day ago, a limit the night before, a detection a week ago. */
const HISTORY: readonly Fields[] = [
  { jd: 2458426.25, candid: '1', magpsf: 19 },
  { jd: 2458425.5 },
  { jd: 2458419.75, candid: '2', magpsf: 20 },
];
const CONFIG = {
  ...{ min_ndet: 1, min_tspan: -1, max_tspan: 10, min_rb: 0.3, max_fwhm: 5.5, max_elong: 1.4, max_magdiff: 1 },
  ...{ max_nbad: 0, min_sso_dist: 20, min_gal_lat: 14, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3 },
  ...{ gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999, ps1_sgveto_rad: 1 },
  ...{ ps1_sgveto_th: 0.8, ps1_confusion_rad: 3, ps1_confusion_sg_tol: 0.1, min_drb: 0.995 },
  ...{ max_dec: 60, det_within: 1, ul_within: 1.5 },
};
const CUTS = xShooterFilter.config.parse(CONFIG);
const ACCEPTED: Verdict = { accepted: true };

function decide(candidate: Fields = {}, cuts: Partial<Cuts> = {}, history = HISTORY): Verdict {
  return xShooterFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...CUTS, ...cuts });
}

describe('XShooterFilter', () => {
  it('accepts what was there within a day and not in the night before', () => {
    expect(decide()).toEqual(ACCEPTED);
  });

  it.each<[string, Fields]>([
    ['as far north as allowed', { dec: 60 }],
    ['of the largest chi-square', { chipsf: 4 }],
    ['twice as wide as the science image', { seeratio: 2 }],
    ['of the least ratio of pixels', { sumrat: 0.6 }],
  ])('accepts an alert %s', (_, candidate) => {
    expect(decide(candidate)).toEqual(ACCEPTED);
  });

  it.each<[string, string, Fields, object]>([
    ['farther north', 'dec', { dec: 60.5 }, { value: 60.5, limit: 60 }],
    ['with a bad PSF fit', 'chipsf', { chipsf: 4.5 }, { value: 4.5, limit: 4 }],
    ['too wide', 'seeratio', { seeratio: 2.5 }, { value: 2.5, limit: 2 }],
    ['whose pixels cancel', 'sumrat', { sumrat: 0.5 }, { value: 0.5, limit: 0.6 }],
  ])('rejects an alert %s', (_, reason, candidate, why) => {
    expect(decide(candidate)).toEqual({ accepted: false, reason, field: reason, ...why });
  });

  it.each<[string, string, Partial<Cuts>, readonly Fields[], object]>([
    ['no detection in time', 'noRecentDetection', { det_within: 0 }, HISTORY, { value: 0, limit: 0 }],
    ['no limit in time', 'noUpperLimit', { ul_within: 1.25 }, HISTORY, { value: 1.25, limit: 1.25 }],
    ['no limit at all', 'noUpperLimit', {}, [], { value: null, limit: 1.5 }],
    ['a detection beside the limit', 'priorDetection', { det_within: 0.5 }, HISTORY, { value: 0.5, limit: 1.5 }],
  ])('rejects what has %s', (_, reason, cuts, history, why) => {
    expect(decide({}, cuts, history)).toEqual({ accepted: false, reason, field: 'jd', ...why });
  });

  it('does not count a detection without a magnitude, be it the candidate', () => {
    const nameless = [...HISTORY, { jd: 2458425.5, candid: '3', magpsf: null }];
    expect(decide({}, {}, nameless)).toEqual(ACCEPTED);
    expect(decide({ magpsf: null }, {}, [{ jd: 2458426 }])).toMatchObject({ reason: 'noRecentDetection', value: null });
    expect(decide({ magpsf: null })).toEqual(ACCEPTED);
  });

  it('does not accept what has points of unknown time', () => {
    expect(decide({}, {}, [{ jd: null }])).toMatchObject({ reason: 'noUpperLimit' });
    expect(decide({}, {}, [...HISTORY, { candid: '3', magpsf: 18 }])).toMatchObject({ accepted: false });
  });

  it.each(['dec', 'chipsf', 'seeratio', 'sumrat'])('rejects an alert without %s, or with null', (field) => {
    const missing = xShooterFilter.run({ candidate: without(GOOD, field), history: HISTORY }, CUTS);
    expect(missing).toEqual({ accepted: false, reason: 'missing', field });
    expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
    expect(decide({ [field]: NaN })).toMatchObject({ accepted: false, reason: field });
  });

  it('decides as DecentFilter after that', () => {
    expect(decide({}, { max_tspan: 5 })).toMatchObject({ reason: 'tSpan', value: 7 });
    expect(decide({ drb: null })).toMatchObject({ reason: 'drb' });
  });

  it('reads the fields that it declares, and no others', () => {
    const { verdict, candidate, history } = fieldsRead({ candidate: GOOD, history: HISTORY }, (input) =>
      xShooterFilter.run(input, CUTS),
    );
    expect(verdict).toEqual(ACCEPTED);
    expect(candidate).toEqual([...xShooterFilter.reads.candidate].sort());
    expect(history).toEqual([...xShooterFilter.reads.history].sort());
  });

  it('refuses a config without its own limits, and one that searches Gaia', () => {
    const checked = parseConfig(xShooterFilter, { ...CONFIG, det_within: undefined, gaia_rs: 20 });
    expect(checked.ok ? [] : checked.issues.map(({ path }) => path)).toEqual([['gaia_rs'], ['det_within']]);
  });
});
