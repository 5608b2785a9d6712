import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { galacticLatitudeDeg } from '../../model/galactic.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { decentFilter } from './decent-filter.js';

type Cuts = ReturnType<typeof decentFilter.config.parse>;

/** Two detections three days apart, a limit between them. */
const HISTORY: readonly Fields[] = [{ jd: 2458423.75, candid: '670285273115015035' }, { jd: 2458424.75 }];
const GOOD = CANDIDATE as Fields;
const ACCEPTED: Verdict = { accepted: true };

/** Cuts that the good candidate passes, each of them in force. */
const CUTS: Cuts = decentFilter.config.parse({
  ...{ min_ndet: 2, min_tspan: 1, max_tspan: 5, min_archive_tspan: 0, max_archive_tspan: 10 },
  ...{ min_rb: 0.3, min_drb: 0.9, max_fwhm: 5.5, max_elong: 1.4, max_magdiff: 1, max_nbad: 0 },
  ...{ min_sso_dist: 20, min_gal_lat: 14, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3 },
  ...{ gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999 },
  ...{ ps1_sgveto_rad: 1, ps1_sgveto_th: 0.8, ps1_confusion_rad: 3, ps1_confusion_sg_tol: 0.1 },
});

function decide(candidate: Fields = {}, cuts: Partial<Cuts> = {}, history = HISTORY): Verdict {
  return decentFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...CUTS, ...cuts });
}

const detections = (...jds: number[]): Fields[] => jds.map((jd) => ({ jd, candid: '1' }));

describe('DecentFilter: cuts on the history of the packet', () => {
  it('accepts a transient that passes them all', () => {
    expect(decide()).toEqual(ACCEPTED);
  });

  it('counts detections, the candidate included; limits do not count, doubles and negative subtractions do', () => {
    const history = [...detections(2458425.75, 2458425.75), { jd: 2458424.75, candid: null }, { jd: 2458423.75 }];
    expect(decide({}, { min_ndet: 3 }, history)).toEqual(ACCEPTED);
    expect(decide({}, { min_ndet: 4 }, history)).toEqual({
      ...{ accepted: false, reason: 'nDet', field: 'nDet', value: 3, limit: 4 },
    });
  });

  it.each([
    ['as long as the least', { min_tspan: 3 }, ACCEPTED],
    ['as long as the most', { max_tspan: 3 }, ACCEPTED],
    ['shorter', { min_tspan: 3.001 }, { accepted: false, reason: 'tSpan', field: 'jd', value: 3, limit: 3.001 }],
    ['longer', { max_tspan: 2.999 }, { accepted: false, reason: 'tSpan', field: 'jd', value: 3, limit: 2.999 }],
  ])('measures the time between first and last detection: %s', (_, cuts, verdict) => {
    expect(decide({}, cuts)).toEqual(verdict);
  });

  it('measures that time whatever the order of the history, and from a candidate that is not the newest', () => {
    const history = detections(2458425.75, 2458420.75, 2458429.75, 2458422.75);
    expect(decide({}, { max_tspan: 8.5 }, history)).toMatchObject({ reason: 'tSpan', value: 9 });
  });

  it('finds no time between detections where there is only one', () => {
    expect(decide({}, { min_ndet: 1 }, [])).toMatchObject({ reason: 'tSpan', value: 0, limit: 1 });
  });
});

describe('DecentFilter: fields that it needs', () => {
  const required = [
    ...['fwhm', 'elong', 'magdiff', 'nbad', 'distpsnr1', 'sgscore1', 'distpsnr2', 'sgscore2', 'distpsnr3', 'sgscore3'],
    ...['isdiffpos', 'ra', 'dec', 'rb', 'ssdistnr'],
  ];

  it.each(required)('rejects an alert without %s, and one where it is null', (field) => {
    const missing = decentFilter.run({ candidate: without(GOOD, field), history: HISTORY }, CUTS);
    expect(missing).toEqual({ accepted: false, reason: 'missing', field });
    expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
  });

  it.each(['jdstarthist', 'jdendhist'])('rejects an alert where %s is null, at which AMPEL fails', (field) => {
    expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
  });

  it('does not accept a history with a time that is none', () => {
    const history = [{ candid: '1', jd: null }, ...detections(2458423.75)];
    expect(decide({}, {}, history)).toMatchObject({ accepted: false, reason: 'tSpan' });
  });

  it('names the first of several, in the order of AMPEL', () => {
    expect(decide({ rb: null, ra: null, elong: null, sgscore3: null })).toMatchObject({ field: 'elong' });
  });

  it.each(['drb', 'jdstarthist', 'jdendhist'])('does without %s', (field) => {
    expect(decentFilter.run({ candidate: without(GOOD, field), history: HISTORY }, CUTS)).toEqual(ACCEPTED);
  });
});

describe('DecentFilter: cuts on the candidate', () => {
  const passes: { what: string; candidate: Fields; cuts?: Partial<Cuts> }[] = [
    { what: 'a subtraction that is positive by its number', candidate: { isdiffpos: '1' } },
    { what: 'a real-bogus score at the limit', candidate: { rb: 0.3 } },
    { what: 'a deep-learning score at the limit', candidate: { drb: 0.9 } },
    { what: 'a low deep-learning score that nobody asked for', candidate: { drb: 0 }, cuts: { min_drb: 0 } },
    { what: 'no deep-learning score that nobody asked for', candidate: { drb: null }, cuts: { min_drb: 0 } },
    { what: 'a width at the limit', candidate: { fwhm: 5.5 } },
    { what: 'an elongation at the limit', candidate: { elong: 1.4 } },
    { what: 'a fainter aperture at the limit', candidate: { magdiff: 1 } },
    { what: 'a brighter aperture at the limit', candidate: { magdiff: -1 } },
    { what: 'bad pixels above max_nbad, which AMPEL declares and never applies', candidate: { nbad: 1000 } },
    { what: 'no known object of the solar system', candidate: { ssdistnr: -999 } },
    { what: 'an object of the solar system at the limit', candidate: { ssdistnr: 20 } },
    {
      what: 'a source in the plane that nobody asked about',
      candidate: { ra: 266.4, dec: -29 },
      cuts: { min_gal_lat: -1 },
    },
    { what: 'a star at the radius of the veto', candidate: { distpsnr1: 1, sgscore1: 1 } },
    { what: 'a neighbour that is as much star as galaxy', candidate: { distpsnr1: 0, sgscore1: 0.8 } },
    { what: 'no neighbour known, which ZTF marks with -999', candidate: { distpsnr1: -999, sgscore1: -999 } },
    { what: 'two confusing neighbours', candidate: { ...confusing(1), ...confusing(2) } },
    {
      what: 'three neighbours at the radius',
      candidate: { ...confusing(1), ...confusing(2), ...confusing(3), distpsnr2: 3 },
    },
    {
      what: 'three neighbours, one clearly a galaxy',
      candidate: { ...confusing(1), ...confusing(2), ...confusing(3), sgscore3: 0.25 },
    },
  ];

  it.each(passes)('accept $what', ({ candidate, cuts }) => {
    expect(decide(candidate, cuts)).toEqual(ACCEPTED);
  });

  const fails: [string, string, Fields, { value?: unknown; limit?: unknown; field?: string }][] = [
    ['a negative subtraction', 'isdiffpos', { isdiffpos: 'f' }, { value: 'f', limit: 't' }],
    ['a negative subtraction by its number', 'isdiffpos', { isdiffpos: '0' }, { value: '0', limit: 't' }],
    ['a bogus', 'rb', { rb: 0.29 }, { value: 0.29, limit: 0.3 }],
    ['a bogus by deep learning', 'drb', { drb: 0.89 }, { value: 0.89, limit: 0.9 }],
    ['a deep-learning score of null', 'drb', { drb: null }, { value: null, limit: 0.9 }],
    ['a blurred image', 'fwhm', { fwhm: 5.51 }, { value: 5.51, limit: 5.5 }],
    ['a trail', 'elong', { elong: 1.41 }, { value: 1.41, limit: 1.4 }],
    ['a fainter aperture', 'magdiff', { magdiff: 1.01 }, { value: 1.01, limit: 1 }],
    ['a brighter aperture', 'magdiff', { magdiff: -1.01 }, { value: -1.01, limit: 1 }],
    ['a single visit', 'archive_tspan', { jdstarthist: 2458426.75 }, { value: 0, limit: 0, field: 'jdendhist' }],
    [
      'a history as long as the longest',
      'archive_tspan',
      { jdstarthist: 2458416.75 },
      { value: 10, limit: 10, field: 'jdendhist' },
    ],
    ['an asteroid on the spot', 'ssdistnr', { ssdistnr: 0 }, { value: 0, limit: 20 }],
    ['an asteroid nearby', 'ssdistnr', { ssdistnr: 19.9 }, { value: 19.9, limit: 20 }],
    ['a star of PanSTARRS', 'distpsnr1', { distpsnr1: 0.99, sgscore1: 0.81 }, { value: 0.99, limit: 1 }],
    [
      'an unknown nearest distance below zero with a star score',
      'distpsnr1',
      { distpsnr1: -999, sgscore1: 1 },
      { value: -999 },
    ],
  ];

  it.each(fails)('reject %s', (_, reason, candidate, why) => {
    expect(decide(candidate)).toEqual({
      accepted: false,
      reason,
      field: reason,
      limit: CUTS.ps1_sgveto_rad,
      ...why,
    });
  });

  // astropy 8.0.2: SkyCoord(ra, dec, unit='deg').galactic.b.deg
  it.each([
    ['the galactic centre', 266.4168, -29.0078, -0.046134602068363374],
    ['the Crab', 83.6331, 22.0145, -5.784343652078103],
  ])('reject %s, which lies in the plane of the Galaxy', (_, ra, dec, latitude) => {
    const verdict = decide({ ra, dec });
    expect(verdict).toMatchObject({ accepted: false, reason: 'galPlane', field: 'dec', limit: 14 });
    expect('value' in verdict && verdict.value).toBeCloseTo(-latitude, 9);
  });

  it('accept a source at the galactic latitude of the limit, but none nearer to the plane', () => {
    const latitude = Math.abs(galacticLatitudeDeg(180, 60));
    expect(decide({}, { min_gal_lat: latitude })).toEqual(ACCEPTED);
    expect(decide({}, { min_gal_lat: latitude + 1e-9 })).toMatchObject({ reason: 'galPlane', value: latitude });
  });

  it('reject a field that is confused by three neighbours, none clearly star or galaxy', () => {
    const verdict = decide({ ...confusing(1), ...confusing(2), ...confusing(3) });
    expect(verdict).toEqual({ accepted: false, reason: 'ps1Confusion', value: true });
  });

  it('decide in the order of AMPEL: the first that fails is told', () => {
    const wrong: [string, Fields][] = [
      ['isdiffpos', { isdiffpos: 'f' }],
      ['rb', { rb: 0 }],
      ['drb', { drb: 0 }],
      ['fwhm', { fwhm: 9 }],
      ['elong', { elong: 9 }],
      ['magdiff', { magdiff: 9 }],
      ['archive_tspan', { jdstarthist: 0 }],
      ['ssdistnr', { ssdistnr: 0 }],
      ['galPlane', { ra: 266.4, dec: -29 }],
      ['distpsnr1', { distpsnr1: 0, sgscore1: 1 }],
    ];
    const told = wrong.map((_, i) => decide(Object.assign({}, ...wrong.slice(i).map(([, field]) => field)) as Fields));
    expect(told.map((verdict) => 'reason' in verdict && verdict.reason)).toEqual(wrong.map(([reason]) => reason));
  });

  it('reject what is no number, as no cut can hold for it', () => {
    for (const field of ['rb', 'drb', 'fwhm', 'elong', 'magdiff']) {
      expect(decide({ [field]: NaN })).toMatchObject({ accepted: false, reason: field });
    }
  });
});

function confusing(neighbour: number): Fields {
  return { [`distpsnr${neighbour}`]: 2.9, [`sgscore${neighbour}`]: 0.55 };
}

describe('the declaration of DecentFilter', () => {
  it('names every field that is read', () => {
    const { verdict, candidate, history } = fieldsRead({ candidate: GOOD, history: HISTORY }, (input) =>
      decentFilter.run(input, CUTS),
    );
    expect(verdict).toEqual(ACCEPTED);
    expect(candidate).toEqual([...decentFilter.reads.candidate].sort());
    expect(history).toEqual([...decentFilter.reads.history].sort());
  });

  it('refuses the search in Gaia, which is not there yet, and says how to go without', () => {
    const { error } = decentFilter.config.safeParse({ ...CUTS, gaia_rs: 20 });
    expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
      [['gaia_rs'], 'the Gaia cut needs a catalogue service, which is not there yet: set gaia_rs: 0 to go without it'],
    ]);
    expect(decentFilter.config.safeParse({ ...CUTS, gaia_rs: -1 }).success).toBe(true);
  });

  it('refuses a misspelt cut, which would never be applied', () => {
    expect(decentFilter.config.safeParse({ ...CUTS, min_ndets: 2 }).success).toBe(false);
  });
});
