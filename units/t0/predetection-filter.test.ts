import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { parseConfig } from '../parse-config.js';
import { predetectionFilter } from './predetection-filter.js';

type Cuts = ReturnType<typeof predetectionFilter.config.parse>;

const GOOD = CANDIDATE as Fields;
/** Two detections after the event, between them a limit, and a limit before it. */
const HISTORY: readonly Fields[] = [
  { jd: 2458423.75, candid: '1', magpsf: 18.75 },
  { jd: 2458423.25, candid: null, magpsf: null },
  { jd: 2458419.75 },
  { jd: 2458422.75, candid: '2', magpsf: 19 },
];
const CONFIG = {
  ...{ min_ndet: 1, min_tspan: -1, max_tspan: 30, min_rb: 0.3, max_fwhm: 5.5, max_elong: 1.4, max_magdiff: 1 },
  ...{ max_nbad: 2, min_sso_dist: 20, min_gal_lat: 0, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3 },
  ...{ gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999, ps1_sgveto_rad: 1 },
  ...{ ps1_sgveto_th: 0.8, ps1_confusion_rad: 3, ps1_confusion_sg_tol: 0.1, trigger_jd: 2458422.5 },
};
const CUTS = predetectionFilter.config.parse(CONFIG);
const ACCEPTED: Verdict = { accepted: true };

function decide(cuts: Partial<Cuts> = {}, candidate: Fields = {}, history = HISTORY): Verdict {
  return predetectionFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...CUTS, ...cuts });
}

describe('PredetectionFilter', () => {
  it('accepts what was not detected before the event, whatever limits there are', () => {
    expect(decide()).toEqual(ACCEPTED);
    expect(decide({ trigger_jd: 2458422.75 })).toEqual(ACCEPTED);
  });

  it('rejects what was, telling of the earliest detection', () => {
    const rejection = { accepted: false, reason: 'predetection', field: 'jd' };
    expect(decide({ trigger_jd: 2458423 })).toEqual({ ...rejection, value: 2458422.75, limit: 2458423 });
    expect(decide({ trigger_jd: 2458427 }, {}, [])).toEqual({ ...rejection, value: 2458426.75, limit: 2458427 });
  });

  it('rejects what has a detection of unknown time', () => {
    for (const jd of [null, undefined]) {
      expect(decide({}, {}, [{ candid: '1', magpsf: 18, jd }])).toMatchObject({ reason: 'predetection' });
    }
  });

  it('does not look at detections without a magnitude, as AMPEL does not', () => {
    expect(decide({}, {}, [{ jd: 2458420.75, candid: '1', magpsf: null }])).toEqual(ACCEPTED);
    expect(decide({ trigger_jd: 2458427 }, { magpsf: null }, [])).toEqual(ACCEPTED);
  });

  it('decides as DecentFilter after that', () => {
    expect(decide({ max_tspan: 3 })).toMatchObject({ reason: 'tSpan', value: 4 });
    expect(decide({}, { rb: 0.2 })).toMatchObject({ reason: 'rb' });
    expect(decide({}, { fwhm: null })).toEqual({ accepted: false, reason: 'isNone', field: 'fwhm' });
    const lacking = predetectionFilter.run({ candidate: without(GOOD, 'ssdistnr'), history: [] }, CUTS);
    expect(lacking).toEqual({ accepted: false, reason: 'missing', field: 'ssdistnr' });
  });

  it('reads the fields that it declares, and no others', () => {
    const { verdict, candidate, history } = fieldsRead({ candidate: GOOD, history: HISTORY }, (input) =>
      predetectionFilter.run(input, { ...CUTS, min_drb: 0.5 }),
    );
    expect(verdict).toEqual(ACCEPTED);
    expect(candidate).toEqual([...predetectionFilter.reads.candidate].sort());
    expect(history).toEqual([...predetectionFilter.reads.history].sort());
  });

  it('cannot take the time of the event from a sky map, nor search Gaia, and says so', () => {
    const checked = parseConfig(predetectionFilter, { ...CONFIG, map_name: 'S190426c.fits.gz', gaia_rs: 10 });
    expect(checked.ok ? [] : checked.issues.map(({ path }) => path)).toEqual([['gaia_rs'], ['map_name']]);
    const message = expect.stringContaining('set trigger_jd') as string;
    expect(checked.ok ? [] : checked.issues).toContainEqual({ path: ['map_name'], message });
    expect(parseConfig(predetectionFilter, { ...CONFIG, map_name: null, map_dir: '.' })).toMatchObject({ ok: true });
  });
});
