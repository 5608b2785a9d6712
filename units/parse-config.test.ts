import { z } from 'zod';
import { parseConfig } from './parse-config.js';

const unit = {
  config: z.strictObject({
    min_ndet: z.int(),
    min_rb: z.number().max(1).default(0.3),
    catalogs: z.record(z.string(), z.strictObject({ rs_arcsec: z.number() })).optional(),
    cols: z.array(z.string()).default(['magpsf']),
    bands: z.record(z.string().max(4, 'a band has four letters'), z.number()).optional(),
  }),
};

function issuesOf(config: unknown): unknown {
  const parsed = parseConfig(unit, config);
  return parsed.ok ? [] : parsed.issues;
}

describe('parseConfig', () => {
  it('fills in the defaults of a good config', () => {
    expect(parseConfig(unit, { min_ndet: 2 })).toEqual({
      ok: true,
      config: { min_ndet: 2, min_rb: 0.3, cols: ['magpsf'] },
    });
  });

  it('names the nearest cut where a key is misspelt, in nested objects too', () => {
    expect(issuesOf({ min_ndet: 2, min_rbb: 0.5 })).toEqual([
      { path: ['min_rbb'], message: 'unknown key "min_rbb"; did you mean "min_rb"?' },
    ]);
    expect(issuesOf({ min_ndet: 2, catalogs: { milliquas: { rs_arcsec: 3, rs_arcsek: 5 } } })).toEqual([
      { path: ['catalogs', 'milliquas', 'rs_arcsek'], message: 'unknown key "rs_arcsek"; did you mean "rs_arcsec"?' },
    ]);
  });

  it('lists the known keys where none is near', () => {
    expect(issuesOf({ min_ndet: 2, gaia_veto: 9 })).toEqual([
      { path: ['gaia_veto'], message: 'unknown key "gaia_veto"; known: min_ndet, min_rb, catalogs, cols, bands' },
    ]);
  });

  it('says what is missing, and takes no config at all for an empty one', () => {
    const missing = [{ path: ['min_ndet'], message: 'missing, expected number' }];
    expect(issuesOf({})).toEqual(missing);
    expect(issuesOf(undefined)).toEqual(missing);
    expect(issuesOf(null)).toEqual(missing);
  });

  it('says what was found where the type or the range is wrong', () => {
    expect(issuesOf({ min_ndet: 'two', min_rb: 7, cols: ['ra', 5] })).toEqual([
      { path: ['min_ndet'], message: 'found "two", expected number' },
      { path: ['min_rb'], message: 'Too big: expected number to be <=1, found 7' },
      { path: ['cols', 1], message: 'found 5, expected string' },
    ]);
  });

  it('says what a key must be', () => {
    expect(issuesOf({ min_ndet: 2, bands: { ztfgreen: 1 } })).toEqual([
      { path: ['bands', 'ztfgreen'], message: 'this key is not allowed: a band has four letters' },
    ]);
  });

  it('does not take a list for a config', () => {
    expect(issuesOf([])).toEqual([{ path: [], message: 'found a list, expected object' }]);
  });
});
