import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { parseConfig } from '../parse-config.js';
import { simpleDecentFilter } from './simple-decent-filter.js';

type Cuts = ReturnType<typeof simpleDecentFilter.config.parse>;

const GOOD = CANDIDATE as Fields;
/** A detection three days before, and a limit. */
const HISTORY: readonly Fields[] = [{ jd: 2458423.75, candid: '1', magpsf: 18.75 }, { jd: 2458420.75 }];
const DEFAULTS = simpleDecentFilter.config.parse({});
const ACCEPTED: Verdict = { accepted: true };

function decide(candidate: Fields = {}, cuts: Partial<Cuts> = {}, history = HISTORY): Verdict {
  return simpleDecentFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...DEFAULTS, ...cuts });
}

describe('SimpleDecentFilter', () => {
  it('has a default for each cut, those of AMPEL', () => {
    expect(DEFAULTS).toEqual({
      ...{ min_ndet: 2, min_tspan: 0.02, max_tspan: 25, min_archive_tspan: 0, max_archive_tspan: 100_000 },
      ...{ min_drb: 0, min_rb: 0.3, max_fwhm: 5, max_elong: 1.4, max_magdiff: 0.4, max_nbad: 0 },
      ...{ min_sso_dist: 20, min_gal_lat: 0, ps1_sgveto_rad: 2, ps1_sgveto_th: 0.8 },
      ...{ ps1_confusion_rad: 1, ps1_confusion_sg_tol: 0.5 },
    });
  });

  it('accepts a transient that passes them all', () => {
    expect(decide()).toEqual(ACCEPTED);
  });

  it.each<[string, Fields, Partial<Cuts>, object]>([
    ['that was detected once', {}, { min_ndet: 3 }, { reason: 'nDet', value: 2, limit: 3 }],
    ['that is too young', {}, { min_tspan: 3.5 }, { reason: 'tSpan', value: 3, limit: 3.5 }],
    ['that is too old', {}, { max_tspan: 2.5 }, { reason: 'tSpan', value: 3, limit: 2.5 }],
    ['that is fainter than the reference', { isdiffpos: '0' }, {}, { reason: 'isdiffpos', value: '0' }],
    ['that is bogus', { rb: 0.25 }, {}, { reason: 'rb', value: 0.25, limit: 0.3 }],
    ['that is bogus by deep learning', { drb: 0.5 }, { min_drb: 0.75 }, { reason: 'drb', value: 0.5, limit: 0.75 }],
    ['that is blurred', { fwhm: 5.5 }, {}, { reason: 'fwhm', limit: 5 }],
    ['that is a trail', { elong: 1.5 }, {}, { reason: 'elong', limit: 1.4 }],
    ['that is more than a point', { magdiff: -0.5 }, {}, { reason: 'magdiff', value: -0.5, limit: 0.4 }],
    ['that the archive has for years', {}, { max_archive_tspan: 6 }, { reason: 'archive_tspan', value: 6, limit: 6 }],
    ['that is an asteroid', { ssdistnr: 0 }, {}, { reason: 'ssdistnr', value: 0, limit: 20 }],
    ['in the plane of the Galaxy', { ra: 266.4, dec: -29 }, { min_gal_lat: 14 }, { reason: 'galPlane', limit: 14 }],
    ['on a star', { distpsnr1: 1.5, sgscore1: 0.9 }, {}, { reason: 'distpsnr1', value: 1.5, limit: 2 }],
    [
      'in a confused field',
      { distpsnr1: 0.5, distpsnr2: 0.5, distpsnr3: 0.5 },
      {},
      { reason: 'ps1Confusion', value: true },
    ],
  ])('rejects an alert %s', (_, candidate, cuts, rejection) => {
    expect(decide(candidate, cuts)).toMatchObject({ accepted: false, ...rejection });
  });

  it('counts as detections what has a magnitude, unlike DecentFilter', () => {
    const nameless = [...HISTORY, { jd: 2458421.75, candid: '2', magpsf: null }, { jd: 2458421.75, magpsf: 18 }];
    expect(decide({}, { min_ndet: 3 }, nameless)).toMatchObject({ reason: 'nDet', value: 2 });
    expect(decide({ magpsf: null })).toMatchObject({ reason: 'nDet', value: 1 });
    expect(decide({ magpsf: null }, { min_ndet: 0, min_tspan: -99 }, [])).toMatchObject({ reason: 'tSpan' });
  });

  it.each([null, 0])('lets a deep-learning score of %p pass, as AMPEL does', (drb) => {
    expect(decide({ drb }, { min_drb: 0.9 })).toEqual(ACCEPTED);
  });

  it.each(['fwhm', 'nbad', 'sgscore3', 'rb', 'ssdistnr'])('rejects an alert without %s, or with null', (field) => {
    const missing = simpleDecentFilter.run({ candidate: without(GOOD, field), history: HISTORY }, DEFAULTS);
    expect(missing).toEqual({ accepted: false, reason: 'missing', field });
    expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
  });

  it('reads the fields that it declares, and no others', () => {
    const { verdict, candidate, history } = fieldsRead({ candidate: GOOD, history: HISTORY }, (input) =>
      simpleDecentFilter.run(input, DEFAULTS),
    );
    expect(verdict).toEqual(ACCEPTED);
    expect(candidate).toEqual([...simpleDecentFilter.reads.candidate].sort());
    expect(history).toEqual([...simpleDecentFilter.reads.history].sort());
  });

  it('refuses a key of DecentFilter that it has not', () => {
    const checked = parseConfig(simpleDecentFilter, { gaia_rs: 20 });
    expect(checked.ok ? [] : checked.issues).toMatchObject([{ path: ['gaia_rs'] }]);
  });
});
