import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { parseConfig } from '../parse-config.js';
import { simpleLsstFilter } from './simple-lsst-filter.js';

type Cuts = ReturnType<typeof simpleLsstFilter.config.parse>;

const ACCEPTED: Verdict = { accepted: true };
/** In the COSMOS field, 42 deg from the galactic plane. */
const SOURCE: Fields = { diaSourceId: '2', midpointMjdTai: 61000.5, ra: 150, dec: 2.25 };
const HISTORY: readonly Fields[] = [
  { midpointMjdTai: 60900, diaForcedSourceId: '7' },
  { midpointMjdTai: 60995.5, diaSourceId: '1' },
];
const CONFIG = {
  ...{ min_ndet: 2, min_tspan: 1, max_tspan: 10, min_gal_lat: 14, gaia_rs: 0, gaia_pm_signif: 3, gaia_plx_signif: 3 },
  ...{ gaia_veto_gmag_min: 9, gaia_veto_gmag_max: 20, gaia_excessnoise_sig_max: 999 },
};
const CUTS: Cuts = simpleLsstFilter.config.parse(CONFIG);

function decide(cuts: Partial<Cuts> = {}, source: Fields = {}, history = HISTORY): Verdict {
  return simpleLsstFilter.run({ candidate: { ...SOURCE, ...source }, history }, { ...CUTS, ...cuts });
}

describe('SimpleLSSTFilter', () => {
  it('accepts an alert with a history, away from the galactic plane', () => {
    expect(decide()).toEqual(ACCEPTED);
    expect(decide({ min_tspan: 5, max_tspan: 5 })).toEqual(ACCEPTED);
  });

  it.each<[string, Partial<Cuts>, Omit<Extract<Verdict, { accepted: false }>, 'accepted'>]>([
    ['too few', { min_ndet: 3 }, { reason: 'nDet', field: 'nDet', value: 2, limit: 3 }],
    ['too soon', { min_tspan: 5.001 }, { reason: 'tSpan', field: 'midpointMjdTai', value: 5, limit: 5.001 }],
    ['too long', { max_tspan: 4.999 }, { reason: 'tSpan', field: 'midpointMjdTai', value: 5, limit: 4.999 }],
  ])('rejects an alert whose sources are %s', (_, cuts, rejection) => {
    expect(decide(cuts)).toEqual({ accepted: false, ...rejection });
  });

  it.each(['ra', 'dec'])('rejects an alert without %s, and one where it is null', (field) => {
    const candidate = Object.fromEntries(Object.entries(SOURCE).filter(([name]) => name !== field));
    const missing = simpleLsstFilter.run({ candidate, history: HISTORY }, CUTS);
    expect(missing).toEqual({ accepted: false, reason: 'missing', field });
    expect(decide({}, { [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
  });

  it('does not accept an alert with a source whose time is unknown', () => {
    expect(decide({}, {}, [{ diaSourceId: '1' }])).toMatchObject({ accepted: false, reason: 'tSpan' });
  });

  it('rejects an alert in the galactic plane, unless that is not asked', () => {
    const center = { ra: 266.4, dec: -29 };
    expect(decide({}, center)).toMatchObject({ reason: 'galPlane', field: 'dec', limit: 14 });
    expect(decide({ min_gal_lat: -1 }, center)).toEqual(ACCEPTED);
  });

  it('cannot look for stars of Gaia yet, and says so', () => {
    const checked = parseConfig(simpleLsstFilter, { ...CONFIG, gaia_rs: 20 });
    expect(checked.ok ? [] : checked.issues).toEqual([
      { path: ['gaia_rs'], message: expect.stringContaining('set gaia_rs: 0 to go without it') as string },
    ]);
  });
});
