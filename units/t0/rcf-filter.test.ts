import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { parseConfig } from '../parse-config.js';
import { rcfFilter } from './rcf-filter.js';

type Cuts = ReturnType<typeof rcfFilter.config.parse>;

/** Six days old, at 18.5 mag, without a star or a bright galaxy nearby. */
const GOOD: Fields = {
  ...(CANDIDATE as Fields),
  ...{ sgmag1: 21, srmag1: 20.5, simag1: 20.25, szmag1: 20, srmag2: 21, simag2: 21, szmag2: 21 },
  ...{ srmag3: 21, simag3: 21, szmag3: 21, magnr: 20, distnr: 3 },
  ...{ neargaia: 30, maggaia: 19, neargaiabright: -999, maggaiabright: -999 },
};
const HISTORY: readonly Fields[] = [
  { candid: '1', isdiffpos: 't', magpsf: 18.75 },
  { candid: '2', isdiffpos: 'f', magpsf: 16 },
  { candid: null, isdiffpos: null, magpsf: null },
];
const CONFIG = { min_dist_to_sso: 15, min_gal_lat: 7, min_age: 0.02, max_ipac_age: 100, max_magpsf: 19 };
const CUTS = rcfFilter.config.parse(CONFIG);
const ACCEPTED: Verdict = { accepted: true };

function decide(candidate: Fields = {}, cuts: Partial<Cuts> = {}, history = HISTORY): Verdict {
  return rcfFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...CUTS, ...cuts });
}

/** Seen for the first time so many days before. */
const aged = (days: number): Fields => ({ jdstarthist: 2458426.75 - days, jdendhist: 2458426.75 - days });

describe('RcfFilter: cuts on candidate and age', () => {
  it.each<[string, Fields, Partial<Cuts>]>([
    ['a bright extragalactic transient', {}, {}],
    ['one with as many datapoints, limits included', {}, { min_ndet: 4 }],
    ['one as faint as the faintest', {}, { max_magpsf: 18.5 }],
    ['one as young as the youngest', {}, { min_age: 6 }],
    ['one as old as the oldest', {}, { max_ipac_age: 6 }],
    ['one of any age, if that is not asked', aged(200), { max_ipac_age: 0 }],
    ['an asteroid at the limit', { ssdistnr: 15 }, {}],
    ['scores that are below min_rb and min_drb, which are not applied', {}, { min_rb: 0.9, min_drb: 0.999 }],
  ])('accept %s', (_, candidate, cuts) => {
    expect(decide(candidate, cuts)).toEqual(ACCEPTED);
  });

  it.each<[string, string, Fields, Partial<Cuts>, object]>([
    ['too few datapoints', 'nDet', {}, { min_ndet: 5 }, { value: 4, limit: 5 }],
    ['a negative subtraction', 'isdiffpos', { isdiffpos: '0' }, {}, { value: '0', limit: 't' }],
    ['a faint one', 'magpsf', {}, { max_magpsf: 18.25 }, { value: 18.5, limit: 18.25 }],
    ['one of unknown magnitude', 'magpsf', { magpsf: null }, {}, { value: null, limit: 19 }],
    ['an asteroid', 'ssdistnr', { ssdistnr: 0 }, {}, { value: 0, limit: 15 }],
    ['one that is too young', 'age', {}, { min_age: 6.5 }, { field: 'jdstarthist', value: 6, limit: 6.5 }],
    ['one that is too old', 'ipacAge', {}, { max_ipac_age: 5 }, { field: 'jdendhist', value: 6, limit: 5 }],
  ])('reject %s', (_, reason, candidate, cuts, why) => {
    expect(decide(candidate, cuts)).toEqual({ accepted: false, reason, field: reason, ...why });
  });

  it.each([
    ...['fwhm', 'elong', 'magdiff', 'nbad', 'distpsnr1', 'sgscore1', 'distpsnr2', 'sgscore2', 'distpsnr3', 'sgscore3'],
    ...['isdiffpos', 'ra', 'dec', 'rb', 'drb', 'ssdistnr', 'jdstarthist'],
  ])('reject an alert without %s, or with null', (field) => {
    const missing = rcfFilter.run({ candidate: without(GOOD, field), history: HISTORY }, CUTS);
    expect(missing).toEqual({ accepted: false, reason: 'missing', field });
    expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
  });

  it('reject what lies in the plane of the Galaxy', () => {
    const center = { ra: 266.4, dec: -29 };
    expect(decide(center)).toMatchObject({ accepted: false, reason: 'galPlane', field: 'dec', limit: 7 });
    expect(decide(center, { min_gal_lat: -1 })).toEqual(ACCEPTED);
  });

  it('do without jdendhist, but not with null', () => {
    expect(rcfFilter.run({ candidate: without(GOOD, 'jdendhist'), history: HISTORY }, CUTS)).toEqual(ACCEPTED);
    expect(decide({ jdendhist: null })).toEqual({ accepted: false, reason: 'isNone', field: 'jdendhist' });
  });
});

describe('RcfFilter: stars under and beside the candidate', () => {
  const old = { max_ipac_age: 0 };
  const onStar = { distpsnr1: 0.7, sgscore1: 0.5 };

  it.each<[string, string, Fields]>([
    ['a star', 'starUnder', { distpsnr1: 1.5, sgscore1: 0.8 }],
    ['a source that is very red in z', 'starUnder', { distpsnr1: 0.5, srmag1: 22, szmag1: 18 }],
    ['a source that is very red in i', 'starUnder', { distpsnr1: 0.5, srmag1: 22, simag1: 18, szmag1: -999 }],
    ['a low score', 'notReal', { rb: 0.19 }],
    ['a score of 0.3 at a star of Gaia', 'notReal', { rb: 0.3, neargaia: 0.9, maggaia: 16.9 }],
    ['a score of 0.4 at a bright star of Gaia', 'notReal', { rb: 0.4, neargaia: 1.4, maggaia: 15.4 }],
    ['a score of 0.3 at a star in r', 'notReal', { ...onStar, rb: 0.3, srmag1: 16.9 }],
    ['a score of 0.3 at a star in i', 'notReal', { ...onStar, rb: 0.3, simag1: 16.9, srmag1: 18 }],
    ['a score of 0.3 at a star in z', 'notReal', { ...onStar, rb: 0.3, szmag1: 16.4, srmag1: 18 }],
    ['a score of 0.4 at a bright star in z', 'notReal', { ...onStar, distpsnr1: 1.4, rb: 0.4, szmag1: 14.9 }],
    ['a low deep-learning score at an old star', 'notReal', { ...aged(91), drb: 0.4, distpsnr1: 2.9, srmag1: 15.9 }],
    ['… at a fainter one', 'notReal', { ...aged(91), drb: 0.4, distpsnr1: 1.05, srmag1: 17.9 }],
    [
      'a middling deep-learning score at an old star',
      'notReal',
      { ...aged(91), drb: 0.7, distpsnr1: 1.4, srmag1: 15.4 },
    ],
    [
      '… at a fainter one, known in i only',
      'notReal',
      { ...aged(91), drb: 0.7, distpsnr1: 0.7, srmag1: -999, simag1: 17.4 },
    ],
    ['the halo of a star of Gaia', 'brightStar', { neargaiabright: 19, maggaiabright: 11.9 }],
    ['the halo of the third neighbour', 'brightStar', { distpsnr3: 19, sgscore3: 0.95, szmag3: 13.9 }],
    ['a star of Gaia, older than a month', 'variableStar', { ...aged(31), neargaia: 0.3, maggaia: 16.9 }],
    ['… fainter and older', 'variableStar', { ...aged(301), neargaia: 0.3, maggaia: 18.9, magpsf: 18.6 }],
    ['… nearer', 'variableStar', { ...aged(91), neargaia: 0.19, maggaia: 17.9 }],
    ['an old source of PanSTARRS', 'variableStar', { ...aged(91), distpsnr1: 2.9, sgscore1: 0.3, sgmag1: 15.9 }],
    ['… of unknown kind', 'variableStar', { ...aged(91), distpsnr1: 0.4, sgscore1: 0.5, srmag1: 16.9, szmag1: 16.5 }],
  ])('are told from %s', (_, reason, candidate) => {
    expect(decide(candidate, old)).toEqual({ accepted: false, reason });
  });

  it.each<[string, Fields]>([
    ['a star beyond two arcsec', { distpsnr1: 2, sgscore1: 0.9 }],
    ['a source that is not that red', { distpsnr1: 0.5, srmag1: 22, simag1: 19.5, szmag1: 19 }],
    ['a score that is good enough', { ...onStar, rb: 0.45, srmag1: 16 }],
    ['a low score at a galaxy', { ...onStar, sgscore1: 0.4, rb: 0.3, srmag1: 16 }],
    ['a low deep-learning score of a young source', { ...aged(90), drb: 0.4, distpsnr1: 2.9, srmag1: 15.9 }],
    ['a faint star of Gaia nearby', { neargaiabright: 19, maggaiabright: 12 }],
    ['a bright galaxy nearby', { distpsnr3: 19, sgscore3: 0.9, szmag3: 13.9 }],
    ['a star of Gaia, seen for less than a month', { ...aged(30), neargaia: 0.3, maggaia: 16.9 }],
    [
      'a source without a magnitude in r, as in AMPEL',
      { ...aged(91), distpsnr1: 2.9, sgscore1: 0.3, srmag1: -999, sgmag1: 15 },
    ],
  ])('are not seen in %s', (_, candidate) => {
    expect(decide(candidate, old)).toEqual(ACCEPTED);
  });

  it('know an old bright source on one of the reference image, unless it is at its peak', () => {
    const thrice = [...HISTORY, { candid: '3', isdiffpos: '1', magpsf: 18.25 }];
    for (const reference of [
      { magnr: 19.4, distnr: 0.3 },
      { magnr: 17.4, distnr: 0.7 },
      { magnr: 15.4, distnr: 1.1 },
    ]) {
      const variable = { accepted: false, reason: 'variableStar' };
      expect(decide({ ...aged(91), ...reference }, old, thrice)).toEqual(variable);
      expect(decide({ ...aged(366), ...reference }, old)).toEqual(variable);
      expect(decide({ ...aged(90), ...reference }, old, thrice)).toEqual(ACCEPTED);
      expect(decide({ ...aged(91), ...reference, magpsf: 18 }, old, thrice)).toEqual(ACCEPTED);
    }
  });

  it('know what is fainter than the source of the reference image that it lies on, unless it is at its peak', () => {
    const residual = { ...aged(91), magnr: 17.4, distnr: 0.45 };
    const brighter = [{ candid: '1', isdiffpos: 't', magpsf: 18.4 }];
    expect(decide(residual, old, brighter)).toEqual({ accepted: false, reason: 'variableStar' });
    expect(decide(residual, old, [])).toEqual(ACCEPTED);
    expect(decide({ ...residual, magnr: 17.5 }, old, brighter)).toEqual(ACCEPTED);
  });

  it.each<[string, Fields]>([
    ['srmag1', {}],
    ['simag1', {}],
    ['sgmag1', {}],
    ['szmag1', {}],
    ['neargaiabright', {}],
    ['maggaiabright', { neargaiabright: 10 }],
    ['szmag2', {}],
    ['maggaia', {}],
    ['neargaia', {}],
    ['magnr', { ...aged(366), distnr: 0.3 }],
    ['distnr', aged(91)],
  ])('cannot be told without %s: the alert is rejected where AMPEL fails', (field, candidate) => {
    const rejection = { accepted: false, reason: 'isNone', field };
    const brighter = [{ candid: '1', isdiffpos: 't', magpsf: 18 }];
    expect(decide({ ...candidate, [field]: null }, old, brighter)).toEqual(rejection);
    const lacking = { candidate: without({ ...GOOD, ...candidate }, field), history: brighter };
    expect(rcfFilter.run(lacking, { ...CUTS, ...old })).toEqual({ ...rejection, reason: 'missing' });
  });

  it('do without what a young source is not asked for', () => {
    expect(decide({ magnr: null, distnr: null })).toEqual(ACCEPTED);
  });

  it('cannot be told where an earlier magnitude is unknown', () => {
    const unknown = [{ candid: '1', isdiffpos: 't', magpsf: null }];
    expect(decide({}, {}, unknown)).toEqual({ accepted: false, reason: 'isNone', field: 'magpsf' });
  });
});

describe('the declaration of RcfFilter', () => {
  it('names every field that is read', () => {
    const cases: Fields[] = [{}, { ...aged(91), magpsf: 18.9, distnr: 0.3, distpsnr3: 15, neargaiabright: 10 }];
    const readings = cases.map((candidate) =>
      fieldsRead({ candidate: { ...GOOD, ...candidate }, history: HISTORY }, (input) =>
        rcfFilter.run(input, { ...CUTS, max_ipac_age: 400 }),
      ),
    );
    const read = new Set(readings.flatMap(({ candidate }) => candidate));
    expect([...read].sort()).toEqual([...rcfFilter.reads.candidate].sort());
    expect(readings[0]?.history).toEqual([...rcfFilter.reads.history].sort());
  });

  it('refuses a config without the limits that have no default', () => {
    const checked = parseConfig(rcfFilter, { ...CONFIG, max_magpsf: undefined });
    expect(checked.ok ? [] : checked.issues).toMatchObject([{ path: ['max_magpsf'] }]);
  });
});
